/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Signals: those that ask for an end are noted and answered by the loop; those of a crash write the
 * sequences that restore the terminal, prepared beforehand because curses must not be called then,
 * and crash on. */
#define _XOPEN_SOURCE_EXTENDED 1 /* wide characters in curses.h */
#include "tui/screen.h"

#include "base/xalloc.h"
#include "tui/request.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct {
    SCREEN *screen;
    FILE *keys; /* /dev/tty when standard input is not the terminal */
    bool utf8, colour;
    bool open; /* curses has the terminal */
} self;

/* For crashes: the terminal as it was, and how to make it so. */
static struct {
    struct termios modes;
    int fd;
    char text[256];
    size_t len;
    volatile sig_atomic_t armed;
} rescue;

static volatile sig_atomic_t asked_to_end;

/* --- signals ---------------------------------------------------------------------------------- */

static void on_end(int number)
{
    asked_to_end = number;
}

static void rescue_terminal(void)
{
    if (!rescue.armed)
        return;
    rescue.armed = 0;
    if (write(rescue.fd, rescue.text, rescue.len) < 0)
        return; /* there is no terminal any more */
    tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
}

static void on_crash(int number)
{
    rescue_terminal();
    raise(number); /* SA_RESETHAND: now it ends the process */
}

static void catch_signals(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};
    struct sigaction end = {.sa_handler = on_end};
    struct sigaction crash = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};

    sigemptyset(&end.sa_mask);
    sigemptyset(&crash.sa_mask);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaction(ends[i], &end, NULL);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigaction(crashes[i], &crash, NULL);
}

static void add_sequence(const char *capability)
{
    const char *text = tigetstr((char *)(uintptr_t)capability);

    if (!text || text == (const char *)-1 || rescue.len + strlen(text) > sizeof rescue.text)
        return;
    memcpy(rescue.text + rescue.len, text, strlen(text));
    rescue.len += strlen(text);
}

static void prepare_rescue(const struct termios *modes, int fd)
{
    static const char mouse_off[] = "\033[?1000l\033[?1002l\033[?1006l";

    rescue.modes = *modes;
    rescue.fd = fd;
    rescue.len = sizeof mouse_off - 1;
    memcpy(rescue.text, mouse_off, rescue.len);
    add_sequence("sgr0");
    add_sequence("rmkx");
    add_sequence("cnorm");
    add_sequence("rmcup");
    rescue.armed = 1;
    xalloc_on_failure(rescue_terminal);
}

/* --- colours ---------------------------------------------------------------------------------- */

static void start_colours(void)
{
    start_color();
    use_default_colors();
    for (int s = 0; s < STYLE_COUNT; s++) {
        const struct style_look *l = style_look((enum style)s);
        bool many = COLORS >= 256;
        int fg = many ? l->fg256 : l->fg16, bg = many ? l->bg256 : l->bg16;

        init_pair((short)(s + 1), (short)fg, (short)bg);
    }
}

static attr_t attributes_of(const struct cell *cell)
{
    const struct style_look *l = style_look((enum style)cell->style);
    unsigned bits = self.colour ? l->attributes : l->mono;
    attr_t a = self.colour ? COLOR_PAIR(cell->style + 1) : 0;

    a |= bits & ATTR_BOLD ? A_BOLD : 0;
    a |= bits & ATTR_DIM ? A_DIM : 0;
    a |= bits & ATTR_UNDERLINE ? A_UNDERLINE : 0;
    /* The cursor's line is reversed, and what is reversed is not there. */
    if (!(bits & ATTR_REVERSE) != !cell->selected)
        a |= A_REVERSE;
    return a;
}

/* --- open and close --------------------------------------------------------------------------- */

/* What is there to read when curses looks becomes one event: a press with its release, or two of
 * these. */
static const mmask_t once = BUTTON1_PRESSED | BUTTON1_CLICKED,
                     twice = BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED;

static void set_modes(void)
{
    raw(); /* ^C and ^Z are keys like others */
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    if (!getenv("ESCDELAY")) /* curses reads it */
        set_escdelay(25);
    mouseinterval(0); /* presses, no waiting whether they become clicks: */
    mousemask(once | twice | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
}

bool screen_open(bool colour, struct error *err)
{
    struct termios modes;

    if (self.open)
        return true;
    setlocale(LC_CTYPE, "");
    self.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    self.keys = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "re");
    if (!self.keys) {
        error_set(err, "/dev/tty: %s", strerror(errno));
        return false;
    }
    if (tcgetattr(STDOUT_FILENO, &modes) != 0) {
        error_set(err, "the terminal's modes can't be read: %s", strerror(errno));
        return false;
    }
    self.screen = newterm(NULL, stdout, self.keys);
    if (!self.screen) {
        error_set(err, "the terminal type '%s' is not known", getenv("TERM") ? getenv("TERM") : "");
        return false;
    }
    self.open = true;
    prepare_rescue(&modes, STDOUT_FILENO);
    catch_signals();
    set_modes();
    self.colour = colour && has_colors();
    if (self.colour)
        start_colours();
    return true;
}

void screen_close(void)
{
    if (!self.open)
        return;
    self.open = false;
    endwin();
    delscreen(self.screen);
    rescue.armed = 0;
    xalloc_on_failure(NULL);
    if (self.keys != stdin)
        fclose(self.keys);
}

bool screen_utf8(void)
{
    return self.utf8;
}

int screen_signal(void)
{
    return asked_to_end;
}

/* --- output ----------------------------------------------------------------------------------- */

void screen_size(int *width, int *height)
{
    getmaxyx(stdscr, *height, *width);
}

static void show_line(const struct canvas *c, int y)
{
    for (int x = 0; x < c->width; x++) {
        const struct cell *cell = &c->cell[y * c->stride + x];

        if (!cell->text[0])
            continue; /* the right half of what stands before it */
        attrset(attributes_of(cell));
        mvaddstr(y, x, cell->text);
    }
}

void screen_show(const struct canvas *c, bool cursor, int x, int y)
{
    for (int line = 0; line < c->height; line++)
        show_line(c, line);
    curs_set(cursor);
    if (cursor)
        move(y, x);
    refresh();
}

void screen_forget(void)
{
    clearok(curscr, TRUE);
}

void screen_suspend(void)
{
    struct sigaction stop = {.sa_handler = SIG_DFL}, before;

    sigemptyset(&stop.sa_mask);
    endwin();
    rescue.armed = 0;
    sigaction(SIGTSTP, &stop, &before);
    kill(0, SIGTSTP); /* the whole job, as the terminal does */
    sigaction(SIGTSTP, &before, NULL);
    rescue.armed = 1;
    refresh();
    screen_forget();
}

void screen_copy(const char *text, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)text;

    fputs("\033]52;c;", stdout);
    for (size_t i = 0; i < len; i += 3) {
        unsigned long bits = (unsigned long)p[i] << 16;

        bits |= i + 1 < len ? (unsigned long)p[i + 1] << 8 : 0;
        bits |= i + 2 < len ? p[i + 2] : 0;
        putchar(digits[bits >> 18 & 63]);
        putchar(digits[bits >> 12 & 63]);
        putchar(i + 1 < len ? digits[bits >> 6 & 63] : '=');
        putchar(i + 2 < len ? digits[bits & 63] : '=');
    }
    putchar('\a');
    fflush(stdout);
}

/* --- input ------------------------------------------------------------------------------------ */

static int key_of(int code)
{
    static const struct {
        int curses, key;
    } keys[] = {
        {KEY_UP, KEYS_UP},       {KEY_DOWN, KEYS_DOWN},     {KEY_LEFT, KEYS_LEFT},
        {KEY_RIGHT, KEYS_RIGHT}, {KEY_PPAGE, KEYS_PAGE_UP}, {KEY_NPAGE, KEYS_PAGE_DOWN},
        {KEY_HOME, KEYS_HOME},   {KEY_END, KEYS_END},       {KEY_BACKSPACE, KEYS_BACKSPACE},
        {KEY_DC, KEYS_DELETE},   {KEY_BTAB, KEYS_BACKTAB},  {KEY_ENTER, '\r'},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].curses == code)
            return keys[i].key;
    if (code > KEY_F0 && code <= KEY_F(12))
        return KEYS_F0 + (code - KEY_F0);
    return 0;
}

/* All that curses has gathered, the latest first, as one event. */
static struct event mouse_event(void)
{
    struct event e = {.kind = EVENT_NONE};
    MEVENT m;

    while (getmouse(&m) == OK) {
        bool first = e.kind == EVENT_NONE, here = first || (m.x == e.x && m.y == e.y);

        if (first)
            e = (struct event){.kind = EVENT_MOUSE, .x = m.x, .y = m.y};
        if ((m.bstate & (once | twice)) && here)
            e.button += m.bstate & twice ? 2 : 1;
        e.lines += m.bstate & BUTTON4_PRESSED ? -3 : m.bstate & BUTTON5_PRESSED ? 3 : 0;
    }
    e.button = e.button > 2 ? 2 : e.button;
    return e;
}

/* A key that curses has already, or that is there to read. */
static struct event read_key(void)
{
    wint_t c;
    int got = get_wch(&c);

    if (got == OK)
        return (struct event){.kind = EVENT_KEY, .key = c == '\n' ? '\r' : (int)c};
    if (got != KEY_CODE_YES)
        return (struct event){.kind = EVENT_NONE};
    if (c == KEY_RESIZE)
        return (struct event){.kind = EVENT_RESIZE};
    if (c == KEY_MOUSE)
        return mouse_event();
    int key = key_of((int)c);
    return (struct event){.kind = key ? EVENT_KEY : EVENT_NONE, .key = key};
}

struct event screen_event(int milliseconds, int fd)
{
    struct pollfd wait[2] = {{.fd = fileno(self.keys), .events = POLLIN},
                             {.fd = fd, .events = POLLIN}};
    struct event e = read_key();

    if (e.kind != EVENT_NONE || milliseconds == 0)
        return e;
    /* A signal, the resize of the window too, ends the waiting. */
    if (poll(wait, fd < 0 ? 1 : 2, milliseconds) > 0) {
        if (wait[0].revents & POLLIN)
            return read_key();
        if (wait[0].revents)
            return (struct event){.kind = EVENT_GONE};
    }
    return read_key();
}
