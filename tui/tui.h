/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The browser (-i). It reads the store of the report; whoever calls it says how the capture gets
 * into the store. */
#ifndef LASTACK_TUI_TUI_H
#define LASTACK_TUI_TUI_H

#include "base/error.h"
#include "report/stamp.h"
#include "report/store.h"

#include <stdbool.h>

/* How far the reading is. */
struct tui_progress {
    uint64_t octets, total; /* of the files; total 0: unknown */
    uint64_t packets;
    bool ending;    /* all was read; what is open is being judged */
    double seconds; /* since the start, pauses not counted */
};

/* Reading in slices between keys. */
struct tui_loader {
    void *context;
    /* Work for about so long. False: all is done. */
    bool (*work)(void *context, int64_t ns);
    void (*progress)(void *context, struct tui_progress *p);
    /* Say what to do while a pipe has nothing to read: wait returns true when fd can be read, false
     * to end the reading. */
    void (*on_wait)(bool (*wait)(void *context, int fd), void *context);
};

/* Whether a connection's packets are to be saved. */
typedef bool tui_wanted(const void *of, size_t stream);

/* Writing packets of connections, in slices. */
struct tui_saver {
    void *context;
    /* Begin to write those of the wanted connections to a new file; wanted() is asked at once.
     * False with *err set. */
    bool (*begin)(void *context, const char *path, tui_wanted *wanted, const void *of,
                  struct error *err);
    /* Go on for about so long. False: it is over, with so many packets, and *err is empty when all
     * went well. */
    bool (*work)(void *context, int64_t ns, uint64_t *packets, struct error *err);
};

struct tui_options {
    const char *name; /* of the capture's first file, for the top line */
    size_t more_files;
    const char *filter; /* a display filter to begin with, known to be right; NULL: none */
    const struct tui_saver *saver; /* NULL: packets can't be saved */
    enum stamp_format stamp;
    bool strays; /* list them, too */
    bool colour; /* false: NO_COLOR */
};

/* A pipe from which nothing came yet lets wait while the capture is being opened. */
struct tui_await {
    const struct tui_options *options;
    bool ended, interrupted; /* nobody waits any longer; interrupted: by a signal */
};

/* For input_on_wait(), with a struct tui_await: says on a screen what is waited for, until fd can
 * be read (true) or the waiting is ended (false). The screen stays for tui_run(). */
bool tui_await(void *context, int fd);
/* There will be no tui_run(): give the terminal back, if it was taken. */
void tui_leave(void);

/* Whether there is a terminal to run in; *why says what lacks. */
bool tui_possible(const char **why);
/* Run until the user ends it, or a signal does. False with *err set when the terminal can't be
 * used. */
bool tui_run(struct store *store, const struct tui_loader *loader,
             const struct tui_options *options, struct error *err);

#endif
