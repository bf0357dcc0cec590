# SPDX-License-Identifier: GPL-2.0-or-later
# Build migbench.ko for the running kernel, or for KDIR's:
#   cmake -DSOURCE=CHECKOUT -DOUT=FOLDER [-DKDIR=FOLDER] -P kmod/build.cmake
execute_process(COMMAND uname -r OUTPUT_VARIABLE release OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT KDIR)
  set(KDIR /lib/modules/${release}/build)
endif()
if(NOT EXISTS ${KDIR}/Makefile)
  message(FATAL_ERROR "no headers for kernel ${release}: ${KDIR} is not there; "
          "on Debian: apt-get install linux-headers-${release}")
endif()

# In a copy, so that the checkout stays as it is. Kbuild looks at the time stamps.
file(GLOB sources ${SOURCE}/kmod/*.c ${SOURCE}/kmod/*.h ${SOURCE}/kmod/Kbuild
     ${SOURCE}/kmod/ask.sh)
list(FILTER sources EXCLUDE REGEX "\\.mod\\.c$|/have\\.h$")
file(COPY ${sources} DESTINATION ${OUT})
file(COPY ${SOURCE}/include/migbench DESTINATION ${OUT}/include)

# The module's compiler has to be the kernel's.
set(llvm)
if(EXISTS ${KDIR}/include/config/auto.conf)
  file(STRINGS ${KDIR}/include/config/auto.conf clang REGEX "^CONFIG_CC_IS_CLANG=y")
  if(clang)
    set(llvm LLVM=1)
  endif()
endif()
# What the outer make says of its jobs is nothing that this one can use.
execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=MAKEFLAGS --unset=MFLAGS --unset=MAKELEVEL
                        make -C ${KDIR} M=${OUT} ${llvm} modules
                RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "migbench.ko does not build for ${KDIR}; see above")
endif()
