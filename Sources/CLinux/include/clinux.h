// Linux calls that Swift's Glibc module leaves out because they need _GNU_SOURCE. Each returns 0 or -1 with errno.
#pragma once
#include <stdint.h>
#include <sys/types.h>

// Cores are bits: bit n is core n, up to 64 cores.
int clinux_get_cores(pid_t thread, uint64_t *cores);
int clinux_set_cores(pid_t thread, uint64_t cores);
void clinux_name_thread(const char *name);
// Bytes of memory that may be locked; UINT64_MAX without a limit.
uint64_t clinux_lockable_bytes(void);
// Renames a file unless something has the new name: then EEXIST.
int clinux_rename_new(const char *path, const char *new_path);
// A file without a name in this directory, for reading and writing, gone when it is closed: its descriptor, or -1 with errno.
int clinux_open_nameless(const char *directory);
// Lets this process open as many files as its hard limit allows; 0, or -1 with errno.
int clinux_raise_file_limit(void);
