# Finds OpenBLAS where LINNET_BLAS asks for it: linnet_blas is its library, or empty.
# SPDX-License-Identifier: MIT
set(linnet_blas)
if(NOT LINNET_BLAS)
  return()
endif()

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(LINNET_PC_OPENBLAS QUIET openblas)
endif()
find_library(LINNET_OPENBLAS_LIBRARY openblas HINTS ${LINNET_PC_OPENBLAS_LIBRARY_DIRS})
# Another BLAS may have a cblas.h beside.
find_path(LINNET_OPENBLAS_INCLUDE openblas_config.h HINTS ${LINNET_PC_OPENBLAS_INCLUDE_DIRS}
  PATH_SUFFIXES openblas openblas-pthread)
if(NOT LINNET_OPENBLAS_LIBRARY OR NOT LINNET_OPENBLAS_INCLUDE)
  message(FATAL_ERROR "LINNET_BLAS is ON, but OpenBLAS was not found (library: "
    "${LINNET_OPENBLAS_LIBRARY}; folder of openblas_config.h: ${LINNET_OPENBLAS_INCLUDE}). Install "
    "it (Debian: libopenblas-dev), or name a folder that has it with -DCMAKE_PREFIX_PATH=FOLDER, "
    "or build with -DLINNET_BLAS=OFF.")
endif()

include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_INCLUDES ${LINNET_OPENBLAS_INCLUDE})
set(CMAKE_REQUIRED_LIBRARIES ${LINNET_OPENBLAS_LIBRARY})
check_cxx_source_compiles("#include <cblas.h>
  int main() { openblas_set_num_threads(1); return !openblas_get_corename(); }"
  LINNET_OPENBLAS_WORKS)
unset(CMAKE_REQUIRED_INCLUDES)
unset(CMAKE_REQUIRED_LIBRARIES)
if(NOT LINNET_OPENBLAS_WORKS)
  message(FATAL_ERROR "LINNET_BLAS is ON, but a program with ${LINNET_OPENBLAS_INCLUDE}/cblas.h "
    "and ${LINNET_OPENBLAS_LIBRARY} cannot be built; CMakeFiles/CMakeError.log says why. Build with "
    "-DLINNET_BLAS=OFF to do without.")
endif()

set(linnet_blas ${LINNET_OPENBLAS_LIBRARY})
target_compile_definitions(linnet_objects PRIVATE LINNET_WITH_BLAS)
target_include_directories(linnet_objects SYSTEM PRIVATE ${LINNET_OPENBLAS_INCLUDE})
message(STATUS "OpenBLAS: ${linnet_blas}")
