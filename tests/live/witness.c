/* Loaded before the C library: writes down, into the file that WITNESS names, every socket that is made and every
   environment variable of AWS that is asked for. With WITNESS_HANG, no name is ever found. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* Not by getenv, which is watched. */
static const char *log_path(void) {
    for (char **entry = environ; entry && *entry; entry++)
        if (strncmp(*entry, "WITNESS=", 8) == 0)
            return *entry + 8;
    return 0;
}

static void note(const char *what) {
    const char *path = log_path();
    int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (file < 0)
        return;
    if (write(file, what, strlen(what)) < 0 || write(file, "\n", 1) < 0)
        _exit(99);
    close(file);
}

__attribute__((constructor)) static void begin(void) {
    note("begun");
}

int socket(int domain, int type, int protocol) {
    int (*real)(int, int, int) = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
    note("socket");
    return real(domain, type, protocol);
}

char *getenv(const char *name) {
    char *(*real)(const char *) = (char *(*)(const char *))dlsym(RTLD_NEXT, "getenv");
    if (strncmp(name, "AWS_", 4) == 0)
        note(name);
    return real(name);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    typedef int (*lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    for (char **entry = environ; entry && *entry; entry++)
        if (strncmp(*entry, "WITNESS_HANG=", 13) == 0)
            for (;;)
                pause();
    return ((lookup)dlsym(RTLD_NEXT, "getaddrinfo"))(node, service, hints, found);
}
