# Whether the CUDA kernels are built, and what they need. Gives INKLING_CUDA (on when a toolkit of the wheel's major
# version is found) and, when on, the target inkling_cuda_runtime.
#
# No card is needed to build. The runtime library is the one that LibTorch's wheel loads anyway, so that a program has
# one, and a toolkit of another major version cannot be mixed with it: then the build goes on without.
find_program(INKLING_NVCC nvcc HINTS /usr/local/cuda/bin ENV CUDA_PATH PATH_SUFFIXES bin)
set(_runtime "${INKLING_SITE}/nvidia/cu13/lib/libcudart.so.13")
set(_usable OFF)
if(INKLING_NVCC)
  execute_process(COMMAND "${INKLING_NVCC}" --version OUTPUT_VARIABLE _version ERROR_QUIET)
  if(_version MATCHES "release 13\\.")
    set(_usable ON)
  else()
    message(STATUS "Inkling: ${INKLING_NVCC} is not of CUDA 13, as LibTorch is; building without CUDA kernels")
  endif()
endif()
option(INKLING_CUDA "Build the CUDA kernels (needs nvcc of CUDA 13, no card)" ${_usable})
if(INKLING_CUDA AND NOT _usable)
  message(FATAL_ERROR "INKLING_CUDA is on, but there is no nvcc of CUDA 13: install it, name it in INKLING_NVCC, or turn INKLING_CUDA off")
endif()
if(INKLING_CUDA AND NOT EXISTS "${_runtime}")
  message(FATAL_ERROR "INKLING_CUDA is on, but ${_runtime} is missing: run scripts/setup")
endif()
if(INKLING_CUDA)
  # Code for A100 and H100 / H200, and PTX from which a driver makes code for later cards.
  if(NOT CMAKE_CUDA_ARCHITECTURES)
    set(CMAKE_CUDA_ARCHITECTURES 80-real 90-real 90-virtual)
  endif()
  set(CMAKE_CUDA_COMPILER "${INKLING_NVCC}")
  if(CCACHE)
    set(CMAKE_CUDA_COMPILER_LAUNCHER "${CCACHE}")
  endif()
  set(CMAKE_CUDA_RUNTIME_LIBRARY None)
  enable_language(CUDA)
  set(CMAKE_CUDA_STANDARD 20)
  set(CMAKE_CUDA_STANDARD_REQUIRED ON)
  set(CMAKE_CUDA_EXTENSIONS OFF)
  # CMake 3.25 does not know how nvcc is told C++20.
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
  endif()
  add_library(inkling_cuda_runtime SHARED IMPORTED)
  set_target_properties(inkling_cuda_runtime PROPERTIES
    IMPORTED_LOCATION "${_runtime}" IMPORTED_SONAME "libcudart.so.13"
    INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CUDA_TOOLKIT_INCLUDE_DIRECTORIES}")
endif()
message(STATUS "Inkling: CUDA kernels ${INKLING_CUDA}")
