// For small functions that processor and card share.
#pragma once

#if defined(__CUDACC__)
#define INKLING_EVERYWHERE __host__ __device__ inline
#else
#define INKLING_EVERYWHERE inline
#endif
