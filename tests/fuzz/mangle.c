/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Mangled captures, all in one process:
 *
 *   mangle cut I/N FILE...
 *
 * Each file, cut after every N-th octet, from the I-th (from 0) on, of its first 4 KiB and its last
 * 1 KiB: exit status and message are right.
 *
 *   mangle change N FILE...
 *
 * N random changes of the files, always the same ones: the reports are clean text and valid JSON.
 *
 * Nothing crashes, nothing takes longer than a second. Prints TAP; the first input that failed is
 * left behind in the current folder, in the file "mangled". */
#include "whole.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "report/exit_status.h"
#include "report/report.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HEAD = 4096, TAIL = 1024, LARGEST = 1 << 14, MOST_CHANGES = 8, CHANGES_PER_CASE = 1000 };

struct file {
    const char *path;
    uint8_t *data;
    size_t size;
};

static unsigned cases;
static bool all_good = true;

static void result(bool good, const char *what, const char *title)
{
    printf("%sok %u - %s %s\n", good ? "" : "not ", ++cases, what, title);
    all_good &= good;
}

static bool read_file(const char *path, struct file *f)
{
    FILE *in = fopen(path, "rb");

    *f = (struct file){.path = path};
    if (!in || fseek(in, 0, SEEK_END) != 0)
        return false;
    f->size = (size_t)ftell(in);
    f->data = malloc(f->size + 1);
    rewind(in);
    bool good = f->data && fread(f->data, 1, f->size, in) == f->size;
    fclose(in);
    return good;
}

/* --- one run ---------------------------------------------------------------------------------- */

/* Octets at `data`, in memory of exactly that size for the sanitizers; the first one that fails is
 * kept. */
static bool fail(const uint8_t *data, size_t size, const struct whole *w, const char *why)
{
    printf("# %zu octets: %s (exit status %d, %llu records, '%s')\n", size, why, w->status,
           (unsigned long long)w->records, w->message);
    FILE *out = all_good ? fopen("mangled", "wb") : NULL;
    if (out) {
        fwrite(data, 1, size, out);
        fclose(out);
    }
    return false;
}

static bool is_clean(const char *text, size_t len)
{
    uint32_t code;

    for (size_t i = 0; i < len;) {
        size_t n = text[i] == '\n' ? 1 : utf8_printable(text + i, len - i, &code);
        if (!n)
            return false;
        i += n;
    }
    return true;
}

static bool is_json(const char *text, size_t len)
{
    cJSON *json = cJSON_ParseWithLength(text, len);

    cJSON_Delete(json);
    return json != NULL;
}

/* Analyse and look at what comes of it; parse: the output is JSON, read it, too. NULL: all is well
 * so far. */
static const char *run(const uint8_t *data, size_t size, const struct writer_ops *writer,
                       bool parse, struct whole *w)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    clock_t start = clock();
    const char *why = NULL;

    if (!out)
        abort();
    *w = whole_analyse(data, size, writer, out);
    fclose(out);
    if (clock() - start > CLOCKS_PER_SEC)
        why = "it takes longer than a second";
    else if (!is_clean(text, len) || !is_clean(w->message, strlen(w->message)))
        why = "the output is not clean";
    else if (parse && w->status != EXIT_USAGE && !is_json(text, len))
        why = "the JSON is not valid";
    else if (w->status != EXIT_DONE && w->status != EXIT_DAMAGED && w->status != EXIT_USAGE)
        why = "the exit status is none of its own";
    else if (w->status == EXIT_USAGE && (!w->message[0] || w->records))
        why = "unreadable, but not said why";
    free(text);
    return why;
}

/* --- cuts ------------------------------------------------------------------------------------- */

static uint32_t number(const uint8_t *p, bool little)
{
    struct bytes b = bytes_of(p, 4);

    return little ? bytes_le32(&b) : bytes_be32(&b);
}

enum { MAY_END = 1, MAY_BE_DAMAGED = 2 };

/* Where a file may end: after its header and after every record or block. `end` is MAY_END there
 * and `known` the first place about which nothing is known. False for other formats. */
static bool find_ends(const struct file *f, uint8_t *end, size_t *header, size_t *known)
{
    const uint32_t section = 0x0a0d0d0a, order = 0x1a2b3c4d;
    uint32_t magic = f->size >= 4 ? number(f->data, false) : 0;
    bool little = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1, pcapng = magic == section;
    size_t at = 24;

    if (!pcapng && !little && magic != 0xa1b2c3d4 && magic != 0xa1b23c4d)
        return false;
    *header = at = pcapng ? 0 : 24;
    while (at < f->size) {
        const uint8_t *p = f->data + at;
        size_t rest = f->size - at;

        end[at] = MAY_END;
        if (rest < 16)
            break;
        if (!pcapng && number(p + 4, little) >= 1000000000)
            return false; /* no fraction of a second: a variant with longer record headers */
        if (pcapng && number(p, true) == section)
            little = number(p + 8, true) == order;
        size_t len = pcapng ? number(p + 4, little) : 16 + (size_t)number(p + 8, little);
        if (len > rest || len < 12)
            break;
        at += len;
        if (pcapng && !*header)
            *header = at;
    }
    *known = at;
    return true;
}

/* Take the middle out of a long file: what is cut stays, and a run takes less. */
static void shorten(struct file *f, const uint8_t *end)
{
    size_t head = HEAD, tail = f->size > TAIL ? f->size - TAIL : 0;

    while (head < f->size && !end[head])
        head++;
    while (tail > head && !end[tail])
        tail--;
    if (tail <= head)
        return;
    memmove(f->data + head, f->data + tail, f->size - tail);
    f->size -= tail - head;
}

static const char *check_cut(const struct whole *w, size_t n, uint8_t end, size_t header)
{
    if (n < header)
        return w->status == EXIT_USAGE || (w->status == EXIT_DAMAGED && !w->records)
                   ? NULL
                   : "without a whole header";
    if (end)
        return w->status == EXIT_USAGE || (w->message[0] && end != MAY_BE_DAMAGED) ? "a proper end"
                                                                                   : NULL;
    return w->status != EXIT_DAMAGED || !strstr(w->message, "after packet") ? "cut short, not said"
                                                                            : NULL;
}

/* A file that is damaged in itself may say so wherever a record ends. */
static bool is_whole(const struct file *f)
{
    struct whole w;

    return !run(f->data, f->size, &writer_json, false, &w) && !w.message[0];
}

static bool cut_at(const struct file *f, size_t n, const uint8_t *end, size_t header, size_t known)
{
    uint8_t *copy = malloc(n + 1);
    struct whole w;

    memcpy(copy, f->data, n);
    const char *why = run(copy, n, &writer_json, n % 16 == 0, &w);
    if (!why && end && n <= known)
        why = check_cut(&w, n, end[n], header);
    bool good = !why || fail(copy, n, &w, why);
    free(copy);
    return good;
}

static void cut(struct file *f, size_t first, size_t step)
{
    uint8_t *end = calloc(f->size + 1, 1);
    size_t header = 0, known = 0, all = f->size;
    bool good = true, knows = find_ends(f, end, &header, &known);

    if (knows)
        shorten(f, end);
    if (f->size < all) {
        memset(end, 0, all + 1);
        find_ends(f, end, &header, &known);
    }
    if (knows && !is_whole(f))
        for (size_t n = 0; n <= f->size; n++)
            end[n] = end[n] ? MAY_BE_DAMAGED : 0;
    for (size_t n = first; good && n < f->size; n += step)
        if (n < HEAD || n + TAIL >= f->size)
            good = cut_at(f, n, knows ? end : NULL, header, known);
    free(end);
    result(good, "cut", f->path);
}

/* --- changes ---------------------------------------------------------------------------------- */

static uint64_t random_state = 88172645463325252u;

static uint32_t random_below(size_t n) /* xorshift64* */
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return n ? (uint32_t)((random_state * 2685821657736338717u >> 32) % n) : 0;
}

/* Numbers at whose edges mistakes live. */
static const uint32_t edges[] = {0,          1,          0x7f,      0x80,    0xff,
                                 0x7fff,     0x8000,     0xffff,    0x10000, 0x7fffffff,
                                 0x80000000, 0xffffffff, 0xfffffff0};

static void change(uint8_t *data, size_t *size, const struct file *other)
{
    size_t at = random_below(*size), to = random_below(*size), n = random_below(64);

    switch (random_below(8)) {
    case 0:
        data[at] ^= (uint8_t)(1 << random_below(8));
        break;
    case 1:
        data[at] = (uint8_t)random_below(256);
        break;
    case 2: /* a number of one, two or four octets, in either order */
    case 3: {
        uint32_t v = edges[random_below(sizeof edges / sizeof *edges)];
        size_t octets = (size_t)1 << random_below(3);
        bool little = random_below(2);
        for (size_t i = 0; i < octets && at + i < *size; i++)
            data[at + i] = (uint8_t)(v >> 8 * (little ? i : octets - 1 - i));
        break;
    }
    case 4: /* copy within the file */
        n = n < *size - at ? n : *size - at;
        n = n < *size - to ? n : *size - to;
        memmove(data + to, data + at, n);
        break;
    case 5: /* take out */
        n = n < *size - at ? n : *size - at;
        memmove(data + at, data + at + n, *size - at - n);
        *size -= n;
        break;
    case 6: /* put in */
        memmove(data + at + n, data + at, *size - at);
        for (size_t i = 0; i < n; i++)
            data[at + i] = (uint8_t)random_below(256);
        *size += n;
        break;
    default: /* a piece of another file */
        n = random_below(512);
        to = random_below(other->size);
        n = n < *size - at ? n : *size - at;
        n = n < other->size - to ? n : other->size - to;
        memcpy(data + at, other->data + to, n);
        break;
    }
}

static bool change_one(const struct file *files, size_t n_files)
{
    const struct file *f = &files[random_below(n_files)];
    uint8_t *data = malloc(f->size + (size_t)MOST_CHANGES * 64);
    size_t size = f->size;

    memcpy(data, f->data, size);
    for (uint32_t i = random_below(MOST_CHANGES) + 1; i > 0 && size > 0; i--)
        change(data, &size, &files[random_below(n_files)]);
    data = realloc(data, size + 1);
    struct whole w;
    bool json = random_below(2);
    const char *why = run(data, size, json ? &writer_json : &writer_text, json, &w);
    bool good = !why || fail(data, size, &w, why);
    free(data);
    return good;
}

static void change_all(const struct file *files, size_t n_files, long n)
{
    char title[64];
    bool good = true;

    for (long i = 1; i <= n; i++) {
        good = change_one(files, n_files) && good;
        if (i % CHANGES_PER_CASE == 0 || i == n) {
            snprintf(title, sizeof title, "up to number %ld", i);
            result(good, "changes", title);
            good = true;
        }
    }
}

int main(int argc, char **argv)
{
    unsigned start = 0, step = 1;
    bool cuts = argc > 3 && strcmp(argv[1], "cut") == 0 &&
                sscanf(argv[2], "%5u/%5u", &start, &step) == 2 && step > 0;
    struct file *files = calloc((size_t)argc, sizeof *files);
    size_t n = 0;

    for (int i = 3; i < argc; i++) {
        if (!read_file(argv[i], &files[n])) {
            perror(argv[i]);
            return 2;
        }
        if (cuts)
            cut(&files[n], start, step);
        if (cuts || files[n].size > LARGEST || files[n].size == 0)
            free(files[n].data);
        else
            n++;
    }
    if (n > 0)
        change_all(files, n, strtol(argv[2], NULL, 10));
    for (size_t i = 0; i < n; i++)
        free(files[i].data);
    free(files);
    printf("1..%u\n", cases);
    return all_good ? 0 : 1;
}
