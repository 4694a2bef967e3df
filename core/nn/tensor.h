// The tensor library as the network code sees it. Only ATen is used: its operators record gradients
// by themselves, and its headers compile in a third of the time of torch/torch.h.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace inkling {
using at::Tensor;
}
