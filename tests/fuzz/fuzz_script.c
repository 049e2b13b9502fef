/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The script language of the fixtures: the input is a script. mkpcap is a program that ends at the
 * first mistake and keeps what it reads in variables, so here it is one unit with this file: exit()
 * comes back to the target, all memory is freed then, and the variables begin anew. */
#include <arpa/inet.h>
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static jmp_buf after_script;

/* --- memory, kept in a list until it is freed ------------------------------------------------- */

struct block {
    struct block *prev, *next;
    max_align_t content[];
};

static struct block blocks = {&blocks, &blocks};

static void fuzz_free(void *p)
{
    struct block *b = p ? (struct block *)((char *)p - offsetof(struct block, content)) : NULL;

    if (b) {
        b->prev->next = b->next;
        b->next->prev = b->prev;
        free(b);
    }
}

static void *fuzz_realloc(void *p, size_t n)
{
    struct block *b = p ? (struct block *)((char *)p - offsetof(struct block, content)) : NULL;

    b = realloc(b, sizeof *b + n);
    if (!b)
        abort();
    if (!p) {
        b->prev = blocks.prev;
        b->next = &blocks;
    }
    b->prev->next = b->next->prev = b;
    return b->content;
}

static char *fuzz_strdup(const char *s)
{
    return strcpy(fuzz_realloc(NULL, strlen(s) + 1), s);
}

/* --- files: the script, and an output that nobody reads --------------------------------------- */

static FILE *script, *output;
static const uint8_t *script_data;
static size_t script_size;

static FILE *fuzz_fopen(const char *name, const char *mode)
{
    (void)name;
    if (mode[0] == 'w')
        return output = fopen("/dev/null", "wb");
    return script = fmemopen((void *)(uintptr_t)script_data, script_size, "r");
}

static int fuzz_fclose(FILE *f)
{
    *(f == script ? &script : &output) = NULL;
    return fclose(f);
}

static ssize_t fuzz_getline(char **line, size_t *cap, FILE *f)
{
    size_t n = 0;

    for (int c = getc(f); c != EOF; c = getc(f)) {
        if (n + 2 > *cap)
            *line = fuzz_realloc(*line, *cap = 2 * *cap + 64);
        (*line)[n++] = (char)c;
        (*line)[n] = '\0';
        if (c == '\n')
            break;
    }
    return n ? (ssize_t)n : -1;
}

static int silent(FILE *f, const char *format, va_list args)
{
    (void)f;
    (void)format;
    (void)args;
    return 0;
}

#define main         mkpcap_main
#define exit(status) longjmp(after_script, 1)
#define free         fuzz_free
#define realloc      fuzz_realloc
#define strdup       fuzz_strdup
#define fopen        fuzz_fopen
#define fclose       fuzz_fclose
#define getline      fuzz_getline
#define vfprintf     silent
#define fprintf(...) ((void)0)
#define fputc(...)   ((void)0)
#pragma GCC diagnostic ignored "-Wshadow" /* each file is its own unit otherwise */
int mkpcap_main(int argc, char **argv);
#include "../../fixtures/mkpcap.c"
#define ethernet encap_ethernet /* names that two files use for different things */
#define ppp      encap_ppp
#define pppoe    encap_pppoe
#define mpls     encap_mpls
#include "../../fixtures/mkpcap_encap.c"
#undef ethernet
#undef ppp
#undef pppoe
#undef mpls
#include "../../fixtures/mkpcap_file.c"
#include "../../fixtures/mkpcap_link.c"
#include "../../fixtures/mkpcap_other.c"
#include "../../fixtures/mkpcap_packet.c"
#define put_option put_pcapng_option
#include "../../fixtures/mkpcap_pcapng.c"
#undef put_option
#include "../../fixtures/mkpcap_setting.c"
#include "../../fixtures/mkpcap_tcp.c"
#include "../../fixtures/mkpcap_words.c"

static void begin_anew(const struct settings *first)
{
    set = *first;
    items = NULL;
    records = NULL;
    cur = NULL;
    memset(flows, 0, sizeof flows);
    nitems = nflows = line_now = steps_run = 0;
    nrecords = records_cap = 0;
    time_base = time_last = 0;
    frag_id = other_id = outer_id = 1;
    file_cut = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct settings first;
    static bool again;
    char name[] = "script", *argv[] = {name, name, name, NULL};

    if (!again)
        first = set;
    again = true;
    if (!size)
        return 0;
    script_data = data;
    script_size = size;
    begin_anew(&first);
    if (setjmp(after_script) == 0)
        mkpcap_main(3, argv);
    if (script)
        fuzz_fclose(script);
    if (output)
        fuzz_fclose(output);
    while (blocks.next != &blocks)
        fuzz_free(blocks.next->content);
    return 0;
}
