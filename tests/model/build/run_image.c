/* Run an image of memory on another processor: the image comes by standard input, its data after the run go to
   standard output. What an image holds is said in model/build/image.py. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int32_t papertiger_run_months(uint64_t *words);
extern const char papertiger_sources[];

static void *room(uint64_t size) {
  void *made = NULL;
  if (posix_memalign(&made, 64, size + 64) != 0) exit(3);
  return made;
}

static void *taken(uint64_t size) {
  void *made = room(size);
  if (fread(made, 1, size, stdin) != size) exit(4);
  return made;
}

int main(void) {
  uint64_t head[5];
  if (fread(head, 8, 5, stdin) != 5 || memcmp(head, "PTIMAGE1", 8) != 0) return 2;
  uint64_t *words = taken(8 * head[1]);
  uint64_t *addresses = taken(8 * head[2]);
  char *data = taken(head[3]);
  for (uint64_t i = 0; i < head[2]; i++) words[addresses[i]] += (uint64_t)(uintptr_t)data;
  int32_t status = papertiger_run_months(words);
  if (status != 0) return 5;
  fprintf(stderr, "%s\n", papertiger_sources);
  return fwrite(data, 1, head[3], stdout) == head[3] ? 0 : 6;
}
