# LibTorch from the PyPI wheel. The wheel's own TorchConfig.cmake demands the CUDA toolkit, so the two libraries that
# the CPU path needs are declared here by hand. Gives the target torch::cpu, and torch::cuda for programs that are made
# for cards alone: others load the CUDA part when they run (core/nn/device.h). Linking it needs none of its own libraries.
set(_torch "${INKLING_SITE}/torch")
set(_cuda "${INKLING_SITE}/nvidia/cu13/lib")
find_path(LibTorch_INCLUDE_DIR ATen/core/Tensor.h PATHS "${_torch}/include" NO_DEFAULT_PATH)
find_library(LibTorch_C10 c10 PATHS "${_torch}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_CPU torch_cpu PATHS "${_torch}/lib" NO_DEFAULT_PATH)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_INCLUDE_DIR LibTorch_C10 LibTorch_CPU
  REASON_FAILURE_MESSAGE "run scripts/setup, or point INKLING_SITE at a folder that holds torch/")
if(LibTorch_FOUND AND NOT TARGET torch::cpu)
  foreach(library c10 torch_cpu c10_cuda torch_cuda)
    add_library(torch::_${library} SHARED IMPORTED)
    set_target_properties(torch::_${library} PROPERTIES
      IMPORTED_LOCATION "${_torch}/lib/lib${library}.so"
      IMPORTED_SONAME "lib${library}.so")
  endforeach()
  # The OpenMP runtime that the wheel brings: a program must not have two.
  add_library(torch::gomp SHARED IMPORTED)
  set_target_properties(torch::gomp PROPERTIES
    IMPORTED_LOCATION "${_torch}/lib/libgomp.so.1"
    IMPORTED_SONAME "libgomp.so.1")
  add_library(torch::cpu INTERFACE IMPORTED)
  # The wheel carries headers of its own fmt, another version than the one we link: it must be searched last.
  target_compile_options(torch::cpu INTERFACE "SHELL:-idirafter ${LibTorch_INCLUDE_DIR}")
  target_compile_definitions(torch::cpu INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
  target_link_libraries(torch::cpu INTERFACE torch::_torch_cpu torch::_c10)
  target_link_options(torch::cpu INTERFACE
    "LINKER:-rpath-link,${_torch}/lib:${_cuda}" "LINKER:-rpath,${_torch}/lib:${_cuda}")
  add_library(torch::cuda INTERFACE IMPORTED)
  target_link_libraries(torch::cuda INTERFACE torch::_torch_cuda torch::_c10_cuda torch::cpu)
  target_link_options(torch::cuda INTERFACE "LINKER:--unresolved-symbols=ignore-in-shared-libs")
endif()
