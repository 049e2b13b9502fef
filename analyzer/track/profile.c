/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/profile.h"

#include "base/ref.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* To add a system: one row. `auto` stands for linux until something better is known of an end. */
static const struct time_wait_profile profiles[] = {
    {"auto", 60, 28232, "taken as linux"},
    {"linux", 60, 28232, "TCP_TIMEWAIT_LEN, include/net/tcp.h; no sysctl changes it"},
    {"rfc", 240, 0, "RFC 9293 3.4.2: MSL 2 minutes"},
    {"windows", 120, 16384, "as windows-vista+"},
    {"windows-vista+", 120, 16384, "commonly reported default; TcpTimedWaitDelay 30 to 300 s"},
    {"windows-2003", 120, 3976, "TcpTimedWaitDelay default"},
    {"windows-2000", 240, 3976, "TcpTimedWaitDelay default; NT 4, 2000 and XP"},
    {"windows-xp", 240, 3976, "as windows-2000"},
    {"windows-nt4", 240, 3976, "as windows-2000"},
    {"macos", 30, 16384, "2 x net.inet.tcp.msl (15000 ms)"},
    {"ios", 30, 16384, "as macos"},
    {"freebsd", 60, 55536, "2 x net.inet.tcp.msl (30000 ms)"},
    {"openbsd", 60, 48128, "2 x TCPTV_MSL (30 s)"},
    {"netbsd", 60, 16384, "net.inet.tcp.mslt.*; shorter on local networks"},
    {"solaris", 60, 32768, "tcp_time_wait_interval; 240 s up to Solaris 8"},
    {"illumos", 60, 32768, "as solaris"},
    {"aix", 15, 32768, "no -o tcp_timewait=1, times 15 s"},
    {"android", 60, 28232, "as linux"},
    {"lwip", 120, 0, "2 x TCP_MSL (60 s)"},
    {"smoltcp", 10, 0, "constant"},
    {"zephyr", 0.25, 0, "old default"},
};

const struct time_wait_profile *time_wait_profiles(size_t *n)
{
    *n = sizeof profiles / sizeof *profiles;
    return profiles;
}

bool time_wait_parse(const char *text, struct time_wait *out)
{
    char *end;

    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        if (strcasecmp(text, profiles[i].name) == 0) {
            *out = (struct time_wait){.name = profiles[i].name, .ns = seconds(profiles[i].seconds)};
            return true;
        }
    }
    if (!*text || strspn(text, "0123456789.") != strlen(text))
        return false;
    double s = strtod(text, &end);
    if (*end || !(s > 0 && s <= 86400))
        return false;
    *out = (struct time_wait){.ns = seconds(s)};
    return true;
}
