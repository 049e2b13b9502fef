/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/about.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

uint32_t about_interface(struct about *f, int link_type)
{
    if (f->n_interfaces == ABOUT_INTERFACES)
        return ABOUT_INTERFACES - 1;
    if ((f->n_interfaces & (f->n_interfaces - 1)) == 0)
        f->interfaces = xreallocarray(f->interfaces, f->n_interfaces ? 2 * f->n_interfaces : 1,
                                      sizeof *f->interfaces);
    f->interfaces[f->n_interfaces] = (struct capture_interface){.link_type = link_type};
    return (uint32_t)f->n_interfaces++;
}

char *about_text(struct about *f, const uint8_t *text, size_t n)
{
    const uint8_t *nul = n ? memchr(text, 0, n) : NULL;

    if (nul)
        n = (size_t)(nul - text);
    if (n > ABOUT_TEXT)
        n = ABOUT_TEXT;
    if (f->text + n > ABOUT_TEXTS)
        return NULL;
    f->text += n;
    char *copy = xmalloc(n + 1);
    if (n)
        memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

void about_comment(struct about *f, uint64_t packet, const uint8_t *text, size_t n)
{
    char *copy = NULL;

    f->total_comments++;
    if (f->n_comments < ABOUT_COMMENTS)
        copy = about_text(f, text, n);
    if (!copy)
        return;
    if (!f->comments)
        f->comments = xcalloc(ABOUT_COMMENTS, sizeof *f->comments);
    f->comments[f->n_comments++] = (struct capture_comment){.packet = packet, .text = copy};
}

static void add_loss(struct about *f, struct capture_loss when)
{
    if (f->n_losses == ABOUT_LOSSES)
        return;
    if ((f->n_losses & (f->n_losses - 1)) == 0)
        f->losses = xreallocarray(f->losses, f->n_losses ? 2 * f->n_losses : 1, sizeof *f->losses);
    f->losses[f->n_losses++] = when;
    if (f->n_losses == ABOUT_LOSSES)
        f->losses[f->n_losses - 1].to = INT64_MAX;
}

void about_dropped(struct about *f, uint32_t interface, uint64_t dropped, struct capture_loss when)
{
    struct capture_interface *i = &f->interfaces[interface];

    i->drops_told = f->drops_told = true;
    if (dropped <= i->dropped)
        return;
    f->dropped += dropped - i->dropped;
    i->dropped = dropped;
    add_loss(f, when);
}

void about_done(struct about *f)
{
    for (size_t i = 0; i < f->n_interfaces; i++) {
        free(f->interfaces[i].name);
        free(f->interfaces[i].description);
    }
    for (size_t i = 0; i < f->n_comments; i++)
        free(f->comments[i].text);
    free(f->interfaces);
    free(f->comments);
    free(f->losses);
    *f = (struct about){0};
}
