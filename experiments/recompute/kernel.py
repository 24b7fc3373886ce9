"""Find the kernel for pages, which was linked when Papertiger was installed."""

from __future__ import annotations

from papertiger.model.build.link import digest_of, library_name
from papertiger.model.ensemble.library import LIBRARIES, kernel_sources

PAGES = "wasm32"


def page_kernel() -> bytes | None:
    """Return the kernel as WebAssembly, or None if there is none that is whole and of these sources."""
    for path in sorted(LIBRARIES.glob(library_name(PAGES, "*"))):
        if path.name == library_name(PAGES, digest_of(path)):
            kernel = path.read_bytes()
            if kernel_sources().encode() in kernel:
                return kernel
    return None
