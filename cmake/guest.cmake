# SPDX-License-Identifier: GPL-2.0-or-later
# What the toolchain files of guests of another architecture share: migbench for them, with what
# `migbench lab arch fetch` has put into the cache. The targets guest-arm64 and guest-x86_64 use them.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_LIBRARY_ARCHITECTURE ${CMAKE_SYSTEM_PROCESSOR}-linux-gnu)

# The cache, as core/datadir.c finds it.
if(NOT "$ENV{MIGBENCH_CACHE}" STREQUAL "")
  set(cache $ENV{MIGBENCH_CACHE})
elseif(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(cache $ENV{XDG_CACHE_HOME}/migbench)
else()
  set(cache $ENV{HOME}/.cache/migbench)
endif()
set(CMAKE_SYSROOT ${cache}/arch/${arch}/root)
if(NOT EXISTS ${CMAKE_SYSROOT})
  message(FATAL_ERROR "the libraries of ${arch} are not in ${cache}; run: migbench lab arch fetch ${arch}")
endif()

find_program(GUEST_GCC ${CMAKE_LIBRARY_ARCHITECTURE}-gcc PATHS ${cache}/arch/${arch}/bin REQUIRED
             NO_CMAKE_FIND_ROOT_PATH)
set(CMAKE_C_COMPILER ${GUEST_GCC})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
    ${CMAKE_SYSROOT}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
