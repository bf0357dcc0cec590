# SPDX-License-Identifier: GPL-2.0-or-later
# Toolchain file: migbench for guests of x86_64.
set(arch x86_64)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
include(${CMAKE_CURRENT_LIST_DIR}/guest.cmake)
