// The safetensors format: named tensors and a flat text-to-text metadata table in one file.
// Format: github.com/huggingface/safetensors (8-byte little-endian header length, JSON header, raw
// data).
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "core/nn/tensor.h"

namespace inkling {

using StateDict = std::map<std::string, Tensor>;

struct TensorFile {
  StateDict tensors;
  std::map<std::string, std::string> metadata;
};

/// Reads a whole file. Strict: the header is at most 64 MB and valid JSON, each range lies inside
/// the file, has the size that dtype and shape give, and overlaps no other; dtypes are F64 F32 F16
/// BF16 I64 I32 I16 I8 U8 BOOL. Throws ModelError naming the file and the tensor.
TensorFile readSafetensors(const std::filesystem::path& path);
/// The same from memory; `name` stands for the file in messages. The bytes are not needed after.
TensorFile decodeSafetensors(std::span<const std::byte> bytes, const std::string& name);

/// The bytes of a file with these contents: tensors in the order of their names, so equal contents
/// give equal bytes.
std::string encodeSafetensors(const TensorFile& file);

/// Writes atomically; throws OutputError.
void writeSafetensors(const std::filesystem::path& path, const TensorFile& file);

/// The tensor called `name`, or ModelError naming `source` and the tensor.
const Tensor& requireTensor(const StateDict& state, const std::string& name,
                            const std::string& source);

}  // namespace inkling
