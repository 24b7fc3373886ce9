"""Build the kernel ahead of time: from its sources to text for any processor, and from that to a library.

`intermediate` needs Numba and is run by whoever changes the kernel; what it writes, ``kernel.ll.xz``, is kept in git.
`link` makes libraries of it, for this machine when Papertiger is installed and for others when wheels are built; it
needs llvmlite and a linker, and nothing of Papertiger. Who only uses Papertiger needs neither.
"""
