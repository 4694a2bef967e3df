// Which BLAS a program gets that holds LibTorch and FAISS: see core/search/CMakeLists.txt.
#include <string>

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

TEST(Blas, IsTheFastOneForAll) {
  for (const char* function : {"sgemm_", "dgemm_", "sgemv_", "sgeqrf_"}) {
    void* address = dlsym(RTLD_DEFAULT, function);
    Dl_info info{};
    ASSERT_NE(dladdr(address, &info), 0) << function;
    EXPECT_THAT(std::string(info.dli_fname), testing::HasSubstr("libtorch_cpu")) << function;
  }
}

}  // namespace
