/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names by which kernel/ and vm/ know core/base. */
#ifndef MIGBENCH_LAB_BASE_FILES_H
#define MIGBENCH_LAB_BASE_FILES_H

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "lab/base/config.h"
#include "lab/base/log.h"

#define lab_format mb_format
#define lab_strdup mb_strdup
#define lab_list_add mb_list_add
#define lab_list_sort mb_list_sort
#define lab_list_free mb_list_free
#define lab_list_split mb_list_split
#define lab_list_join mb_list_join
#define lab_list mb_list
#define lab_base_name mb_base_name
#define lab_exists mb_exists
#define lab_make_folders mb_make_folders
#define lab_remove_tree mb_remove_tree
#define lab_tree_size mb_tree_size
#define lab_read_file mb_read_file
#define lab_write_all mb_write_all
#define lab_write_file mb_write_file
#define lab_names_in mb_names_in
#define lab_hidden_names_in mb_hidden_names_in

#endif
