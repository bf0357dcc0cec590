// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernels in the cache: found, loaded and stored by their kernel.json. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <jansson.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/datadir.h"
#include "core/digest.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/base/defaults.h"
#include "lab/kernel/cache.h"
#include "lab/kernel/ini.h"

/* It is a folder's name below lib/modules, and goes to terminals. */
static bool good_release(const char *release)
{
	for (const char *at = release; *at; at++)
		if (*at <= ' ' || *at > '~' || *at == '/')
			return false;
	return *release && *release != '.';
}

bool lab_kernel_load(const char *folder, struct lab_kernel *kernel)
{
	char *path = mb_format("%s/kernel.json", folder);
	json_t *file = json_load_file(path, 0, NULL);
	const char *name, *release, *label, *key, *source, *tree, *config = NULL;
	const char *compiler = NULL, *build = NULL, *arch_name = NULL, *page_name = NULL;
	const struct lab_arch *arch = NULL;
	const struct lab_page *page = NULL;
	json_int_t built, size;
	bool good;

	free(path);
	good = file &&
	       !json_unpack(file,
			    "{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s?s, s?s, s?s, s?s, s?s}",
			    "name", &name, "release", &release, "label", &label, "key", &key,
			    "source", &source, "tree", &tree, "built", &built, "size", &size,
			    "config", &config, "compiler", &compiler, "build", &build, "arch",
			    &arch_name, "page", &page_name);
	/* Those of the default architecture say neither. */
	if (good)
		arch = arch_name ? lab_arch_find(arch_name) : lab_arch_default();
	if (arch)
		page = page_name ? lab_arch_page(arch, page_name) : &arch->pages[0];
	good = good && page && lab_good_name(name) && good_release(release);
	if (good)
		*kernel = (struct lab_kernel){ .name = mb_strdup(name),
					       .release = mb_strdup(release),
					       .label = mb_shown(label),
					       .key = mb_strdup(key),
					       .source = mb_strdup(source),
					       .tree = mb_strdup(tree),
					       .config = config ? mb_strdup(config) : NULL,
					       .compiler = compiler ? mb_strdup(compiler) : NULL,
					       .build = build ? mb_strdup(build) : NULL,
					       .arch = arch,
					       .page = page,
					       .built = built,
					       .size = size,
					       .folder = mb_strdup(folder) };
	json_decref(file);
	return good;
}

int lab_kernel_store(const char *folder, const struct lab_kernel *kernel)
{
	bool other = kernel->arch != lab_arch_default();
	json_t *file = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s*, s:s*, s:s*, s:s*, s:s*}", "name",
		kernel->name, "release", kernel->release, "label", kernel->label, "key",
		kernel->key, "source", kernel->source, "tree", kernel->tree, "built",
		(json_int_t)kernel->built, "size", (json_int_t)kernel->size, "config",
		kernel->config, "compiler", kernel->compiler, "build", kernel->build, "arch",
		other ? kernel->arch->name : NULL, "page", other ? kernel->page->name : NULL);
	char *path = mb_format("%s/kernel.json", folder);
	int status = file ? json_dump_file(file, path, JSON_INDENT(2)) : -1;

	json_decref(file);
	free(path);
	return status;
}

int lab_kernel_put(const char *folder, const char *final)
{
	struct lab_kernel done;

	if (!lab_kernel_load(final, &done))
		return mb_remove_tree(final) ? -1 : mb_put_in_place(folder, final);
	lab_kernel_free(&done);
	return mb_remove_tree(folder);
}

bool lab_kernel_up_to_date(const char *final, const char *name, bool dry)
{
	char *mark = mb_format("%s/kernel.json", final);
	struct lab_kernel done;
	bool is = lab_kernel_load(final, &done);

	if (is && !dry)
		utimensat(AT_FDCWD, mark, NULL, 0);
	if (is) {
		printf("kernel %s (%s) is up to date\n", name, done.release);
		lab_kernel_free(&done);
	}
	free(mark);
	return is;
}

void lab_kernel_free(struct lab_kernel *kernel)
{
	free(kernel->name);
	free(kernel->release);
	free(kernel->label);
	free(kernel->key);
	free(kernel->source);
	free(kernel->tree);
	free(kernel->config);
	free(kernel->compiler);
	free(kernel->build);
	free(kernel->folder);
	*kernel = (struct lab_kernel){ 0 };
}

char *lab_kernel_image(const struct lab_kernel *kernel)
{
	return kernel->build ? mb_format("%s/%s", kernel->folder, kernel->arch->target)
			     : mb_format("%s/build/%s", kernel->folder, kernel->arch->image);
}

char *lab_kernel_build_tree(const struct lab_kernel *kernel)
{
	return kernel->build ? mb_strdup(kernel->build) : mb_format("%s/build", kernel->folder);
}

char *lab_kernel_configuration(const struct lab_kernel *kernel)
{
	return mb_format("%s/%s", kernel->folder, kernel->build ? "config" : "build/.config");
}

char *lab_kernel_modules(const struct lab_kernel *kernel)
{
	return mb_format("%s/modules/lib/modules/%s", kernel->folder, kernel->release);
}

/* When a kernel was built, or last asked for by a build that found it complete. */
static struct timespec last_wanted(const struct lab_kernel *kernel)
{
	char *path = mb_format("%s/kernel.json", kernel->folder);
	struct stat st = { 0 };

	stat(path, &st);
	free(path);
	return st.st_mtim;
}

static bool newer(const struct lab_kernel *a, const struct lab_kernel *b)
{
	struct timespec ta = last_wanted(a), tb = last_wanted(b);

	return ta.tv_sec != tb.tv_sec ? ta.tv_sec > tb.tv_sec : ta.tv_nsec > tb.tv_nsec;
}

void lab_kernel_folders(struct mb_list *folders)
{
	char *cache = mb_cache_path("kernels");
	struct mb_list names = { 0 };
	static bool said;

	if (mb_names_in(cache, "", &names) && errno != ENOENT && !said) {
		said = true;
		mb_note("no kernel can be read in %s, which MIGBENCH_CACHE can change: %m", cache);
	}
	for (size_t i = 0; i < names.count; i++)
		mb_list_add(folders, "%s/%s", cache, names.at[i]);
	mb_list_free(&names);
	free(cache);
}

void lab_kernel_each(void (*visit)(struct lab_kernel *kernel, void *context), void *context)
{
	struct mb_list folders = { 0 };

	lab_kernel_folders(&folders);
	for (size_t i = 0; i < folders.count; i++) {
		struct lab_kernel kernel;

		if (lab_kernel_load(folders.at[i], &kernel)) {
			visit(&kernel, context);
			lab_kernel_free(&kernel);
		}
	}
	mb_list_free(&folders);
}

struct search {
	const char *name; /* NULL: any */
	const char *config; /* the file that describes it, or NULL */
	const char *key; /* or NULL: any */
	struct lab_kernel *best;
	struct mb_list known;
};

static void consider(struct lab_kernel *kernel, void *context)
{
	struct search *search = context;

	mb_list_add(&search->known, "%s", kernel->name);
	if ((search->name && strcmp(kernel->name, search->name)) ||
	    (search->config && (!kernel->config || strcmp(kernel->config, search->config))) ||
	    (search->key && strcmp(kernel->key, search->key)) ||
	    (search->best->name && !newer(kernel, search->best)))
		return;
	lab_kernel_free(search->best);
	*search->best = *kernel;
	*kernel = (struct lab_kernel){ 0 };
}

/* One line with every name that is built or configured. */
static int unknown_kernel(const char *name, struct mb_list *known)
{
	char *folder = mb_data_path("configs/kernels"), *names;
	struct mb_list unique = { 0 };

	mb_names_in(folder, ".ini", known);
	mb_list_sort(known);
	for (size_t i = 0; i < known->count; i++)
		if (!i || strcmp(known->at[i], known->at[i - 1]))
			mb_list_add(&unique, "%s", known->at[i]);
	names = mb_list_join(&unique);
	mb_fail(MB_REQUEST, "unknown kernel '%s'; known: %s", name, names);
	free(names);
	free(folder);
	mb_list_free(&unique);
	return MB_REQUEST;
}

char *lab_kernel_exactly(const struct lab_kernel *kernel)
{
	return mb_format("%s@%s", kernel->name, kernel->key);
}

/* @asked is a name, or one and a key; the copy in which @search has both is malloc'd. */
static char *look_for(const char *asked, struct search *search)
{
	char *name = mb_strdup(asked), *at = mb_config_is_file(asked) ? NULL : strchr(name, '@');

	search->name = name;
	if (at) {
		*at = '\0';
		search->key = at + 1;
	}
	return name;
}

/* @advice: what is said of a kernel that is not built. */
static int find(const char *name, struct lab_kernel *kernel, const char *advice)
{
	struct search search = { .best = kernel };
	struct lab_kernel_config config = { 0 };
	char *copy = look_for(name, &search);
	int status = MB_OK;

	*kernel = (struct lab_kernel){ 0 };
	if (mb_config_is_file(name)) {
		/* Whatever its kernel is called. */
		status = lab_kernel_config(name, &config);
		search.name = config.path ? NULL : config.name;
		search.config = config.path;
	}
	if (!status)
		lab_kernel_each(consider, &search);
	if (!status && !kernel->name) {
		if (mb_config_is_file(name) || lab_is_config(name))
			status = mb_fail(MB_MACHINE, "kernel '%s' is not built%s", name, advice);
		else
			status = unknown_kernel(name, &search.known);
	}
	free(copy);
	lab_kernel_config_free(&config);
	mb_list_free(&search.known);
	return status;
}

int lab_kernel_find(const char *name, struct lab_kernel *kernel)
{
	char *advice = mb_format("; run: migbench lab kernel build %s", name);
	int status = find(name, kernel, advice);

	free(advice);
	return status;
}

int lab_kernel_find_to_remove(const char *name, struct lab_kernel *kernel)
{
	return find(name, kernel, ": nothing is to be removed");
}

int lab_kernel_arch(const char *name, const struct lab_arch **arch, const struct lab_page **page)
{
	struct lab_kernel kernel = { 0 };
	struct search search = { .best = &kernel };
	struct lab_kernel_config config = { 0 };
	char *copy = look_for(name, &search);
	int status = MB_OK;

	*arch = lab_arch_default();
	*page = &(*arch)->pages[0];
	if (mb_config_is_file(name) || lab_is_config(name)) {
		status = lab_kernel_config(name, &config);
		if (!status) {
			*arch = config.arch;
			*page = config.page;
		}
	} else {
		lab_kernel_each(consider, &search);
		if (kernel.name) {
			*arch = kernel.arch;
			*page = kernel.page;
		}
	}
	free(copy);
	lab_kernel_config_free(&config);
	lab_kernel_free(&kernel);
	mb_list_free(&search.known);
	return status;
}

bool lab_kernel_find_key(const char *key, struct lab_kernel *kernel)
{
	struct search search = { .key = key, .best = kernel };

	*kernel = (struct lab_kernel){ 0 };
	lab_kernel_each(consider, &search);
	mb_list_free(&search.known);
	return kernel->name;
}

struct user {
	const char *tree;
	bool found;
};

static void is_user(struct lab_kernel *kernel, void *context)
{
	struct user *user = context;

	user->found |= !strcmp(kernel->tree, user->tree);
}

bool lab_kernel_has_tree(const char *tree)
{
	struct user user = { .tree = tree };

	lab_kernel_each(is_user, &user);
	return user.found;
}

char *lab_kernel_work_folder(const char *tree)
{
	char hex[MB_DIGEST_HEX], *relative, *path;

	mb_digest(tree, strlen(tree), hex);
	relative = mb_format("kernels/.source-%.*s", LAB_KEY_DIGITS, hex);
	path = mb_cache_path(relative);
	free(relative);
	return path;
}
