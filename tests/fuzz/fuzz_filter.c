/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The language of display filters. The input is a filter; whatever it is, it is compiled, run
 * against a connection that has a bit of everything, shown with its caret and completed at every
 * place. */
#include "base/word.h"
#include "filter/filter.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 600, CANDIDATES = 16 };

static const struct model_state states[] = {{.state = ST_SYN_SENT, .held = 5},
                                            {.state = ST_CLOSED, .held = -1}};
static const struct finding findings[] = {{.id = FINDING_RST_REFUSED, .blame = END_CLIENT}};
static const struct undetermined open_rules[] = {{.id = FINDING_NEVER_CLOSED}};
static const struct model_rst reset = {.cause = "rst-refused"};

static void run(const struct filter *f)
{
    struct model_connection c = {
        .path = "vlan 1",
        .end = {{.states = states, .n_states = 2, .os = "linux"}, {.fin_seen = true}},
        .closed_by_somebody = true,
        .reset = &reset,
        .reset_after_fin = "own",
        .n_findings = 1,
        .findings = findings,
        .n_undetermined = 1,
        .undetermined = open_rules,
    };

    filter_matches(f, &c, 0);
    c = (struct model_connection){.path = "", .holder_known = true, .half_closed = true};
    filter_matches(f, &c, 1);
}

/* Repetitions in a regular expression can take the C library any time and memory: they are not what
 * is tested here. */
static bool repeats(const char *text)
{
    return strchr(text, '{') && (strchr(text, '~') || word_contains(text, "matches"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct filter_error err;
    struct filter_candidate candidates[CANDIDATES];
    size_t start, len = size < LONGEST ? size : LONGEST;
    char *text = malloc(len + 1);

    if (!text)
        return 0;
    memcpy(text, data, len);
    text[len] = 0;
    if (!repeats(text)) {
        struct filter *f = filter_compile(text, &err);

        if (f)
            run(f);
        else
            free(filter_caret(text, &err, 40));
        filter_free(f);
        for (size_t i = 0; i <= strlen(text); i++)
            filter_complete(text, i, &start, candidates, CANDIDATES);
    }
    free(text);
    return 0;
}
