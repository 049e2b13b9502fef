/* SPDX-License-Identifier: BSD-2-Clause */
#include "outputs.h"

#include "capture/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_stdout(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* Whether path is one of the inputs: writing it would destroy what is read. */
static bool is_input(const char *path, const struct options *o)
{
    struct stat out, in;

    if (stat(path, &out) != 0)
        return false;
    for (size_t i = 0; i < o->n_files; i++)
        if (stat(o->files[i], &in) == 0 && S_ISREG(in.st_mode) && in.st_dev == out.st_dev &&
            in.st_ino == out.st_ino)
            return true;
    return false;
}

/* Whether there is anything to report on: no output is made for a misspelt name. */
static bool has_input(const struct options *o)
{
    for (size_t i = 0; i < o->n_files; i++)
        if (strcmp(o->files[i], "-") == 0 || access(o->files[i], R_OK) == 0)
            return true;
    return false;
}

/* NULL with *err set when it can't be opened. */
static FILE *open_file(const char *path, const struct options *o, struct error *err)
{
    if (is_input(path, o)) {
        error_set(err, "%s: is an input too", path);
        return NULL;
    }
    int fd = open(path, O_WRONLY | O_CREAT, 0666);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file)
        error_set(err, "%s: %s", path, strerror(errno));
    return file;
}

/* Packets on standard output have a stream of their own, so that it can be closed. */
static FILE *open_stdout(struct error *err)
{
    int fd = -1;

    if (isatty(STDOUT_FILENO)) {
        error_set(err, "-w -: standard output is a terminal");
        return NULL;
    }
    fd = dup(STDOUT_FILENO);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file)
        error_set(err, "-w -: %s", strerror(errno));
    return file;
}

static bool same_file(FILE *a, FILE *b)
{
    struct stat x, y;

    return fstat(fileno(a), &x) == 0 && fstat(fileno(b), &y) == 0 && S_ISREG(x.st_mode) &&
           x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool open_packets(struct outputs *s, const struct options *o, struct error *err)
{
    bool twice = true;

    s->packets_on_stdout = is_stdout(o->packets);
    s->packets = s->packets_on_stdout ? open_stdout(err) : open_file(o->packets, o, err);
    if (!s->packets)
        return false;
    if (o->output && same_file(s->packets, s->report)) {
        error_set(err, "-w and -o name the same file");
        return false;
    }
    for (size_t i = 0; i < o->n_files; i++)
        twice &= !spool_is_needed(o->files[i]);
    s->spool = twice ? NULL : spool_new(err);
    return twice || s->spool;
}

bool outputs_open(struct outputs *s, const struct options *o, struct error *err)
{
    *s = (struct outputs){.report = stdout};
    if (!has_input(o)) /* it will be told why; nothing is opened for it */
        return true;
    if (o->output && !is_stdout(o->output))
        s->report = open_file(o->output, o, err);
    return s->report && (!o->packets || open_packets(s, o, err));
}

static bool empty(FILE *file, struct error *err)
{
    struct stat st;

    if (file == stdout || fstat(fileno(file), &st) != 0 || !S_ISREG(st.st_mode) ||
        ftruncate(fileno(file), 0) == 0)
        return true;
    error_set(err, "an output could not be emptied: %s", strerror(errno));
    return false;
}

/* is_input() for the files of directories, which are known only after they were opened. */
static bool is_read(FILE *out, const struct input *in, struct error *err)
{
    struct stat of_out, st;

    if (!out || out == stdout || fstat(fileno(out), &of_out) != 0)
        return false;
    for (size_t i = 0; in && i < input_n_files(in); i++) {
        const char *path = input_file(in, i)->path;

        if (input_can_reread(in, (uint32_t)i) && stat(path, &st) == 0 &&
            st.st_dev == of_out.st_dev && st.st_ino == of_out.st_ino) {
            error_set(err, "%s: is an input too", path);
            return true;
        }
    }
    return false;
}

bool outputs_start(struct outputs *s, const struct input *in, struct error *err)
{
    if (is_read(s->report, in, err) || is_read(s->packets, in, err))
        return false;
    return empty(s->report, err) && (!s->packets || s->packets_on_stdout || empty(s->packets, err));
}

bool outputs_close(struct outputs *s, struct error *err)
{
    bool good = !s->report || (fflush(s->report) == 0 && !ferror(s->report));

    if (s->report && s->report != stdout)
        good &= fclose(s->report) == 0;
    if (s->packets)
        fclose(s->packets);
    spool_free(s->spool);
    if (!good)
        error_set(err, "the output could not be written");
    return good;
}
