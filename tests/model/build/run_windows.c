/* Run an image of memory on Windows, as Papertiger does there: the library is loaded at run time and its entry asked
   for by name. The library, the entry, the image and the file for its data after the run are named by the variables
   of the environment LIBRARY, ENTRY, IMAGE and OUT; what an image holds is said in model/build/image.py. It asks for
   nothing but what every Windows has, so that no runtime has to be built. */

#include <stdint.h>

/* Of Windows itself, as its own headers declare it. */
#define SYSTEM __declspec(dllimport)
typedef void *HANDLE;
typedef uint32_t DWORD;
SYSTEM HANDLE LoadLibraryA(const char *name);
SYSTEM void *GetProcAddress(HANDLE library, const char *name);
SYSTEM DWORD GetEnvironmentVariableA(const char *name, char *value, DWORD size);
SYSTEM void *VirtualAlloc(void *place, uint64_t size, DWORD kind, DWORD protection);
SYSTEM HANDLE CreateFileA(const char *, DWORD access, DWORD share, void *, DWORD disposition, DWORD flags, HANDLE);
SYSTEM int ReadFile(HANDLE file, void *place, DWORD size, DWORD *count, void *overlapped);
SYSTEM int WriteFile(HANDLE file, const void *place, DWORD size, DWORD *count, void *overlapped);
SYSTEM _Noreturn void ExitProcess(uint32_t status);

enum { COMMIT_RESERVE = 0x3000, READ_WRITE = 4, SHARE_READ = 1, CREATE_ALWAYS = 2, OPEN_EXISTING = 3 };
#define GENERIC_READ 0x80000000u
#define GENERIC_WRITE 0x40000000u

typedef int32_t entry_of_months(uint64_t *words);

static const char *given(const char *name) {
  char *value = VirtualAlloc(0, 4096, COMMIT_RESERVE, READ_WRITE);
  if (GetEnvironmentVariableA(name, value, 4096) == 0) ExitProcess(2);
  return value;
}

static void *taken(uint64_t size, HANDLE file) {
  /* A page more, so that nothing is of no size. */
  char *place = VirtualAlloc(0, size + 4096, COMMIT_RESERVE, READ_WRITE);
  for (uint64_t done = 0; done < size;) {
    DWORD count = 0;
    if (!ReadFile(file, place + done, (DWORD)(size - done), &count, 0) || count == 0) ExitProcess(4);
    done += count;
  }
  return place;
}

void mainCRTStartup(void) {
  HANDLE library = LoadLibraryA(given("LIBRARY"));
  if (library == 0) ExitProcess(3);
  entry_of_months *entry = (entry_of_months *)(void *)GetProcAddress(library, given("ENTRY"));
  if (entry == 0) ExitProcess(7);
  HANDLE file = CreateFileA(given("IMAGE"), GENERIC_READ, SHARE_READ, 0, OPEN_EXISTING, 0, 0);
  uint64_t *head = taken(40, file);
  uint64_t *words = taken(8 * head[1], file);
  uint64_t *addresses = taken(8 * head[2], file);
  char *data = taken(head[3], file);
  for (uint64_t i = 0; i < head[2]; i++) words[addresses[i]] += (uint64_t)(uintptr_t)data;
  if (entry(words) != 0) ExitProcess(5);
  file = CreateFileA(given("OUT"), GENERIC_WRITE, 0, 0, CREATE_ALWAYS, 0, 0);
  for (uint64_t done = 0; done < head[3];) {
    DWORD count = 0;
    if (!WriteFile(file, data + done, (DWORD)(head[3] - done), &count, 0) || count == 0) ExitProcess(6);
    done += count;
  }
  ExitProcess(0);
}
