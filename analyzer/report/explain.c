/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/explain.h"

#include "report/wrap.h"
#include "track/profile.h"

#include <strings.h>

enum { LIST_INDENT = 41 };

void explain_all(FILE *out)
{
    fputs("Findings, with the worst severity each is raised with. More: --explain ID\n\n", out);
    for (int i = 0; i < FINDING_COUNT; i++) {
        const struct finding_info *f = finding_info((enum finding_id)i);

        char label[64];

        snprintf(label, sizeof label, "%-4s%-28s%-9s", f->rule, f->id, severity_name(f->severity));
        wrap(out, label, LIST_INDENT, f->title);
    }
}

static void explain_finding(FILE *out, enum finding_id id)
{
    const struct finding_info *f = finding_info(id);
    char label[64];

    snprintf(label, sizeof label, "%s (%s): ", f->id, f->rule);
    wrap(out, label, 4, f->title);
    fprintf(out, "at worst %s, layer %s\n\n", severity_name(f->severity), layer_name(f->layer));
    wrap(out, "meaning", 12, f->meaning);
    wrap(out, "decided", 12, f->decided);
    wrap(out, "what to do", 12, f->remedy);
    if (f->avoid)
        wrap(out, "avoid", 12, f->avoid);
    wrap(out, "reference", 12, f->reference);
    if (f->rule[0] == 'T')
        wrap(out, "see also", 12, "lastack --explain time-wait: how long it lasts where.");
}

/* What people set, and what it is for --time-wait. */
static const struct {
    const char *knob, *text;
} knobs[] = {
    {"TcpTimedWaitDelay",
     "Windows, HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters, a DWORD of 30 to 300: "
     "seconds, as they are. A value of 30 is --time-wait 30, or --time-wait 30@10.0.0.0/8 for "
     "those "
     "hosts only."},
    {"net.inet.tcp.msl",
     "FreeBSD and macOS sysctl, milliseconds of one MSL; TIME_WAIT is twice that. A value of 15000 "
     "is --msl 15, which is --time-wait 30."},
    {"tcp_time_wait_interval",
     "Solaris and illumos (ndd, ipadm _time_wait_interval), milliseconds: a value of 60000 is "
     "--time-wait 60."},
    {"tcp_timewait", "AIX (no -o), units of 15 s: a value of 2 is --time-wait 30."},
    {"net.inet.tcp.mslt.*",
     "NetBSD: one MSL for each kind of network; TIME_WAIT is shorter on the local network and on "
     "loopback: --time-wait 10@192.168.0.0/16."},
    {"none", "Linux has no setting: TIME_WAIT is 60 s (TCP_TIMEWAIT_LEN). tcp_fin_timeout is "
             "FIN_WAIT_2 only; "
             "tcp_max_tw_buckets does not shorten it but skips it."},
};

static void explain_time_wait(FILE *out)
{
    size_t n;
    const struct time_wait_profile *p = time_wait_profiles(&n);

    fputs("time-wait: how long TIME_WAIT lasts (--time-wait P)\n\n", out);
    for (size_t i = 0; i < n; i++) {
        char label[64];

        snprintf(label, sizeof label, "%-15s %6g s  ", p[i].name, p[i].seconds);
        wrap(out, label, 26, p[i].source);
    }
    fputs("\nWhat systems call it, and what it is here\n\n", out);
    for (size_t i = 0; i < sizeof knobs / sizeof *knobs; i++) {
        fprintf(out, "%s\n", knobs[i].knob);
        wrap(out, "", 4, knobs[i].text);
    }
    fputc('\n', out);
    wrap(out, "", 0,
         "The holder is the end that closed first, or both. With auto its system is guessed from "
         "its "
         "SYN or SYN-ACK; P@PREFIX is for the addresses of a prefix. A length that is too long "
         "makes "
         "early reuse look like a violation, one that is too short hides it; --what-if-time-wait "
         "compares lengths.");
}

bool explain(FILE *out, const char *what)
{
    enum finding_id id;

    if (finding_parse(what, &id))
        explain_finding(out, id);
    else if (strcasecmp(what, "time-wait") == 0)
        explain_time_wait(out);
    else
        return false;
    return true;
}
