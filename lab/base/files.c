// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/status.h"
#include "lab/base/files.h"

#define OPEN_FOLDERS 16

static void need(const void *memory)
{
	if (!memory)
		exit(mb_fail(MB_MACHINE, "out of memory"));
}

static char *format_va(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	need(text);
	return text;
}

char *lab_format(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = format_va(fmt, ap);
	va_end(ap);
	return text;
}

char *lab_strdup(const char *text)
{
	char *copy = strdup(text);

	need(copy);
	return copy;
}

void lab_list_add(struct lab_list *list, const char *fmt, ...)
{
	va_list ap;

	list->at = reallocarray(list->at, list->count + 2, sizeof(*list->at));
	need(list->at);
	va_start(ap, fmt);
	list->at[list->count++] = format_va(fmt, ap);
	va_end(ap);
	list->at[list->count] = NULL;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void lab_list_sort(struct lab_list *list)
{
	if (list->count)
		qsort(list->at, list->count, sizeof(*list->at), by_text);
}

void lab_list_free(struct lab_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	*list = (struct lab_list){ 0 };
}

void lab_list_split(struct lab_list *list, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, ","), end = length;

		while (end && isspace((unsigned char)text[end - 1]))
			end--;
		while (end && isspace((unsigned char)*text)) {
			text++;
			end--;
			length--;
		}
		lab_list_add(list, "%.*s", (int)end, text);
		text += length;
		text += *text == ',';
	}
}

char *lab_list_join(const struct lab_list *list)
{
	char *text = lab_strdup(list->count ? list->at[0] : "none");

	for (size_t i = 1; i < list->count; i++) {
		char *longer = lab_format("%s, %s", text, list->at[i]);

		free(text);
		text = longer;
	}
	return text;
}

const char *lab_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool lab_exists(const char *path)
{
	return !access(path, F_OK);
}

bool lab_good_name(const char *name)
{
	if (!*name || *name == '.' || *name == '-' || strlen(name) > 64)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._+-", *name))
			return false;
	return true;
}

int lab_make_folders(const char *path)
{
	char *copy = lab_strdup(path);
	int status = 0;

	for (char *p = copy + 1; !status; p++) {
		char was = *p;

		if (was && was != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			status = -1;
		*p = was;
		if (!was)
			break;
	}
	free(copy);
	return status;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path) && errno != ENOENT ? -1 : 0;
}

int lab_remove_tree(const char *path)
{
	if (nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
		return -1;
	return 0;
}

/* nftw(3) has no place for a context. */
static unsigned long long tree_bytes;

static int add_size(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)ftw;
	if (type != FTW_NS)
		tree_bytes += (unsigned long long)st->st_blocks * 512;
	return 0;
}

unsigned long long lab_tree_size(const char *path)
{
	tree_bytes = 0;
	nftw(path, add_size, OPEN_FOLDERS, FTW_PHYS);
	return tree_bytes;
}

char *lab_read_file(const char *path, size_t *length)
{
	FILE *in = fopen(path, "re");
	size_t used = 0, size = 65536, got;
	char *data;

	if (!in)
		return NULL;
	data = malloc(size);
	need(data);
	while ((got = fread(data + used, 1, size - used - 1, in)) > 0) {
		used += got;
		if (used + 1 == size) {
			size *= 2;
			data = realloc(data, size);
			need(data);
		}
	}
	if (ferror(in)) {
		int error = errno;

		fclose(in);
		free(data);
		errno = error;
		return NULL;
	}
	fclose(in);
	data[used] = '\0';
	if (length)
		*length = used;
	return data;
}

int lab_write_all(int fd, const void *data, size_t length)
{
	const char *at = data;

	while (length) {
		ssize_t wrote = write(fd, at, length);

		if (wrote < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		at += wrote;
		length -= (size_t)wrote;
	}
	return 0;
}

int lab_write_file(const char *path, const void *data, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), status;

	if (fd < 0)
		return -1;
	status = lab_write_all(fd, data, length);
	if (close(fd))
		status = -1;
	return status;
}

static void names_in(const char *folder, const char *suffix, bool hidden, struct lab_list *names)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		size_t length = strlen(entry->d_name), end = strlen(suffix);

		if ((entry->d_name[0] == '.') != hidden || length <= end ||
		    strcmp(entry->d_name + length - end, suffix))
			continue;
		lab_list_add(names, "%.*s", (int)(hidden ? length : length - end), entry->d_name);
	}
	closedir(dir);
	lab_list_sort(names);
}

void lab_names_in(const char *folder, const char *suffix, struct lab_list *names)
{
	names_in(folder, suffix, false, names);
}

void lab_hidden_names_in(const char *folder, const char *suffix, struct lab_list *names)
{
	names_in(folder, suffix, true, names);
}

/* The log of a broken guest may hold anything; a terminal shall not obey it. */
static void print_safely(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\n' || text[i] == '\t' || isprint((unsigned char)text[i]))
			putc(text[i], stderr);
		else if (text[i] != '\r')
			putc('?', stderr);
	if (length && text[length - 1] != '\n')
		putc('\n', stderr);
}

void lab_print_tail(const char *path, int lines)
{
	size_t length = 0, start;
	char *text = lab_read_file(path, &length);

	/* The end of the last line begins no line of its own. */
	start = text && length && text[length - 1] == '\n' ? length - 1 : length;
	for (int seen = 0; text && start; start--)
		if (text[start - 1] == '\n' && ++seen == lines)
			break;
	if (text)
		print_safely(text + start, length - start);
	free(text);
}

void lab_print_trouble(const char *path, int lines)
{
	static const char *const signs[] = { "error: ", "undefined reference", "*** " };
	size_t length = 0, end;
	char *text = lab_read_file(path, &length), *found = NULL, *start;

	for (size_t i = 0; text && !found && i < sizeof(signs) / sizeof(signs[0]); i++)
		found = strstr(text, signs[i]);
	if (!found) {
		free(text);
		lab_print_tail(path, lines);
		return;
	}
	for (start = found; start > text && start[-1] != '\n'; start--)
		;
	for (end = (size_t)(start - text); end < length && lines; end++)
		lines -= text[end] == '\n';
	print_safely(start, end - (size_t)(start - text));
	free(text);
}
