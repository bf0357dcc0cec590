// SPDX-License-Identifier: GPL-2.0-or-later
/* One Markdown page as HTML: cmark-gfm's tree, with pictures, links, headings and tables seen to. */
#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/html/page.h"

#define MAX_LABEL 120 /* bytes of a table's name */

struct nodes {
	cmark_node **at;
	size_t count, capacity;
};

struct page {
	const struct an_html *html;
	size_t at, pictures;
	struct an_html_headings *headings;
};

/* All of a kind below @root, in their order; the tree may be changed then. */
static struct nodes nodes_of(cmark_node *root, const char *kind)
{
	cmark_iter *iter = cmark_iter_new(root);
	struct nodes nodes = { 0 };

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
		    !strcmp(cmark_node_get_type_string(node), kind)) {
			nodes.at =
				mb_grow(nodes.at, &nodes.capacity, nodes.count, sizeof(*nodes.at));
			nodes.at[nodes.count++] = node;
		}
	}
	cmark_iter_free(iter);
	return nodes;
}

/* The words below @node without their markup; malloc'd. */
static char *words_of(cmark_node *node)
{
	cmark_iter *iter = cmark_iter_new(node);
	char *text = NULL;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		cmark_node *part = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(part);

		if (cmark_iter_get_event_type(iter) != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
			fputs(cmark_node_get_literal(part), out);
		else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
			putc(' ', out);
	}
	mb_text_close(out);
	cmark_iter_free(iter);
	return text;
}

/* HTML that is put in as it is: @enter, what is inside, @exit. */
static cmark_node *raw(cmark_node_type type, const char *enter, const char *exit)
{
	cmark_node *node = cmark_node_new(type);

	if (!node)
		mb_no_memory();
	cmark_node_set_on_enter(node, enter);
	cmark_node_set_on_exit(node, exit);
	return node;
}

/* A heading's name in links, as forges make it: letters and digits, with - for a space. */
static char *slug(const char *text, size_t length)
{
	char *name = mb_alloc(length + 1, 1), *to = name;

	for (const char *p = text; p < text + length; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 'A' && c <= 'Z')
			*to++ = (char)(c - 'A' + 'a');
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
			 c >= 0x80)
			*to++ = (char)c;
		else if (c == ' ')
			*to++ = '-';
	}
	return name;
}

static char *page_id(size_t page)
{
	return mb_format("page-%zu", page + 1);
}

static char *heading_id(size_t page, const char *text)
{
	char *name = slug(text, strlen(text)), *id = mb_format("page-%zu-%s", page + 1, name);

	free(name);
	return id;
}

static bool id_taken(const struct an_html_headings *headings, const char *id)
{
	for (size_t i = 0; i < headings->count; i++)
		if (!strcmp(headings->at[i].id, id))
			return true;
	return false;
}

/* Ids, a place in the contents, and one level down on all pages but the first. */
static void see_to_headings(struct page *page, cmark_node *root)
{
	struct nodes nodes = nodes_of(root, "heading");

	for (size_t i = 0; i < nodes.count; i++) {
		char *text = words_of(nodes.at[i]), *id = heading_id(page->at, text), *open;
		int level = cmark_node_get_heading_level(nodes.at[i]);
		cmark_node *span, *child;

		for (size_t n = 1; id_taken(page->headings, id); n++) {
			char *other = mb_format("%s-%zu", text, n);

			free(id);
			id = heading_id(page->at, other);
			free(other);
		}
		if (page->at && level < 6)
			cmark_node_set_heading_level(nodes.at[i], level + 1);
		open = mb_format("<span id=\"%s\">", id);
		span = raw(CMARK_NODE_CUSTOM_INLINE, open, "</span>");
		free(open);
		while ((child = cmark_node_first_child(nodes.at[i])))
			cmark_node_append_child(span, child);
		cmark_node_append_child(nodes.at[i], span);
		page->headings->at = mb_grow(page->headings->at, &page->headings->capacity,
					     page->headings->count, sizeof(*page->headings->at));
		page->headings->at[page->headings->count++] =
			(struct an_html_heading){ .level = level, .id = id, .text = text };
	}
	free(nodes.at);
}

/* What stands behind the last / of a link, without #…; its length in *@length. */
static const char *base_of(const char *url, size_t *length)
{
	size_t end = strcspn(url, "#");
	const char *base = url;

	for (const char *p = url; p < url + end; p++)
		if (*p == '/')
			base = p + 1;
	*length = (size_t)(url + end - base);
	return base;
}

/* The SVG file that stands beside the picture @url; malloc'd. */
static char *picture_path(const struct page *page, const char *url)
{
	size_t length;
	const char *base = base_of(url, &length);

	if (length < 5 || strncmp(base + length - 4, ".png", 4))
		return NULL;
	return mb_format("%s/%.*s.svg", page->html->pictures, (int)length - 4, base);
}

static void see_to_pictures(struct page *page, cmark_node *root)
{
	struct nodes nodes = nodes_of(root, "image");

	for (size_t i = 0; i < nodes.count; i++) {
		char *path = picture_path(page, cmark_node_get_url(nodes.at[i]));
		char *alt = words_of(nodes.at[i]);
		char *prefix = mb_format("p%zu-%zu-", page->at + 1, ++page->pictures);
		char *svg = path ? an_html_picture(path, alt, prefix) : NULL;
		cmark_node *paragraph = cmark_node_parent(nodes.at[i]), *with;

		/* It is alone in its paragraph; a picture inside a sentence stays its words. */
		if (svg && !cmark_node_next(nodes.at[i]) && !cmark_node_previous(nodes.at[i])) {
			with = raw(CMARK_NODE_CUSTOM_BLOCK, "<figure>", "</figure>");
			cmark_node_append_child(with, raw(CMARK_NODE_CUSTOM_INLINE, svg, ""));
			cmark_node_replace(paragraph, with);
			cmark_node_free(paragraph);
		} else {
			with = raw(CMARK_NODE_CUSTOM_INLINE, "", "");
			while (cmark_node_first_child(nodes.at[i]))
				cmark_node_append_child(with, cmark_node_first_child(nodes.at[i]));
			cmark_node_replace(nodes.at[i], with);
			cmark_node_free(nodes.at[i]);
		}
		free(path);
		free(alt);
		free(prefix);
		free(svg);
	}
	free(nodes.at);
}

/* Where @url leads within the file, malloc'd; NULL: to nothing that is in it. */
static char *inside(const struct page *page, const char *url)
{
	const char *hash = strchr(url, '#');
	size_t length;
	const char *base = base_of(url, &length);

	for (size_t i = 0; i < page->html->count; i++) {
		const char *name = page->html->pages[i].name;
		char *id, *target;

		if (length ? strlen(name) != length || strncmp(name, base, length) : i != page->at)
			continue;
		id = hash ? heading_id(i, hash + 1) : page_id(i);
		target = mb_format("#%s", id);
		free(id);
		return target;
	}
	return NULL;
}

/* Cut @what off the end or the beginning of a text. */
static void trim(cmark_node *text, const char *what, bool end)
{
	const char *literal = text ? cmark_node_get_literal(text) : NULL;
	size_t length = literal ? strlen(literal) : 0, cut = strlen(what);
	char *rest;

	if (length < cut || strncmp(end ? literal + length - cut : literal, what, cut))
		return;
	rest = end ? mb_format("%.*s", (int)(length - cut), literal) : mb_strdup(literal + cut);
	cmark_node_set_literal(text, rest);
	free(rest);
}

/* Links between pages lead within the file; those to files beside it can't, and become their words. */
static void see_to_links(struct page *page, cmark_node *root)
{
	struct nodes nodes = nodes_of(root, "link");

	for (size_t i = 0; i < nodes.count; i++) {
		const char *url = cmark_node_get_url(nodes.at[i]);
		char *target = inside(page, url);
		size_t length;
		const char *base = base_of(url, &length);

		if (target) {
			cmark_node_set_url(nodes.at[i], target);
		} else if (length > 4 && !strncmp(base + length - 4, ".svg", 4)) {
			/* " ([SVG](…))" behind a picture, which is one. */
			trim(cmark_node_previous(nodes.at[i]), " (", true);
			trim(cmark_node_next(nodes.at[i]), ")", false);
			cmark_node_unlink(nodes.at[i]);
			cmark_node_free(nodes.at[i]);
		} else if (!strstr(url, "://")) {
			cmark_node *words = raw(CMARK_NODE_CUSTOM_INLINE, "", "");

			while (cmark_node_first_child(nodes.at[i]))
				cmark_node_append_child(words, cmark_node_first_child(nodes.at[i]));
			cmark_node_replace(nodes.at[i], words);
			cmark_node_free(nodes.at[i]);
		}
		free(target);
	}
	free(nodes.at);
}

/* A box to scroll in, named by what stands before the table. */
static void see_to_tables(cmark_node *root)
{
	struct nodes nodes = nodes_of(root, "table");

	for (size_t i = 0; i < nodes.count; i++) {
		cmark_node *before = cmark_node_previous(nodes.at[i]);
		char *words = before ? words_of(before) : mb_strdup("Table"), *open = NULL;
		size_t size, length = strcspn(words, ".:");
		FILE *out;

		if (length > MAX_LABEL)
			for (length = MAX_LABEL; length && words[length] != ' '; length--)
				;
		/* A number's point ends no sentence. */
		if (!length || words[length + (words[length] != '\0')] > ' ')
			length = strlen(words) < MAX_LABEL ? strlen(words) : length;
		words[length] = '\0';
		out = mb_text_open(&open, &size);
		fputs("<div class=\"table\" role=\"group\" aria-label=\"", out);
		an_html_text(out, *words ? words : "Table");
		fputs("\">", out);
		mb_text_close(out);
		cmark_node_insert_before(nodes.at[i], raw(CMARK_NODE_CUSTOM_BLOCK, open, ""));
		cmark_node_insert_after(nodes.at[i], raw(CMARK_NODE_CUSTOM_BLOCK, "</div>", ""));
		free(words);
		free(open);
	}
	free(nodes.at);
}

/* Header cells say of what they are: the first row of its columns, each first cell of its row. */
static void with_scopes(FILE *out, const char *at)
{
	static const char column[] = "<th", row[] = "<td", end[] = "</td>";
	bool first = false, open = false;

	while (*at) {
		if (!strncmp(at, "<tr>", 4)) {
			first = true;
		} else if (!strncmp(at, column, 3) && (at[3] == '>' || at[3] == ' ')) {
			fputs("<th scope=\"col\"", out);
			at += 3;
			first = false;
			continue;
		} else if (!strncmp(at, row, 3) && (at[3] == '>' || at[3] == ' ') && first) {
			const char *inside_cell = strchr(at, '>');

			first = false;
			/* Nothing names no row. */
			open = inside_cell && strncmp(inside_cell + 1, end, 5);
			if (open) {
				fputs("<th scope=\"row\"", out);
				at += 3;
				continue;
			}
		} else if (open && !strncmp(at, end, 5)) {
			fputs("</th>", out);
			at += 5;
			open = false;
			continue;
		}
		putc(*at++, out);
	}
}

char *an_html_page(const struct an_html *html, size_t at, struct an_html_headings *headings)
{
	struct page page = { .html = html, .at = at, .headings = headings };
	const int options = CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_TABLE_PREFER_STYLE_ATTRIBUTES;
	const char *markdown = html->pages[at].markdown;
	char *id = page_id(at), *body, *text = NULL;
	cmark_parser *parser;
	cmark_node *root;
	size_t size;
	FILE *out;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(options);
	cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
	cmark_parser_feed(parser, markdown, strlen(markdown));
	root = cmark_parser_finish(parser);
	cmark_consolidate_text_nodes(root);
	see_to_headings(&page, root);
	see_to_links(&page, root);
	see_to_pictures(&page, root);
	see_to_tables(root);
	body = cmark_render_html(root, options, cmark_parser_get_syntax_extensions(parser));
	out = mb_text_open(&text, &size);
	fprintf(out, "<section id=\"%s\">\n", id);
	with_scopes(out, body);
	fputs("</section>\n", out);
	mb_text_close(out);
	free(body);
	free(id);
	cmark_node_free(root);
	cmark_parser_free(parser);
	return text;
}
