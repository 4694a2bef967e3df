#include "core/nn/safetensors.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"

namespace inkling {
namespace {

constexpr std::uint64_t kMaxHeader = std::uint64_t{64} << 20;

struct DtypeName {
  const char* name;
  at::ScalarType type;
};
constexpr std::array<DtypeName, 10> kDtypes{{{"F64", at::kDouble},
                                             {"F32", at::kFloat},
                                             {"F16", at::kHalf},
                                             {"BF16", at::kBFloat16},
                                             {"I64", at::kLong},
                                             {"I32", at::kInt},
                                             {"I16", at::kShort},
                                             {"I8", at::kChar},
                                             {"U8", at::kByte},
                                             {"BOOL", at::kBool}}};

struct Entry {
  std::string name;
  at::ScalarType type = at::kFloat;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;
};

std::uint64_t elementCount(const Entry& entry, const std::string& file) {
  std::uint64_t count = 1;
  for (const std::int64_t size : entry.shape) {
    if (size < 0 ||
        (size > 0 && count > (std::uint64_t{1} << 40) / static_cast<std::uint64_t>(size))) {
      fail<ModelError>("{}: tensor \"{}\" has an impossible shape", file, entry.name);
    }
    count *= static_cast<std::uint64_t>(size);
  }
  return count;
}

Entry parseEntry(const std::string& name, const Json& field, std::uint64_t dataSize,
                 const std::string& file) {
  Entry entry;
  entry.name = name;
  try {
    const auto dtype = field.at("dtype").get<std::string>();
    const auto known = std::find_if(kDtypes.begin(), kDtypes.end(),
                                    [&](const DtypeName& d) { return d.name == dtype; });
    if (known == kDtypes.end())
      fail<ModelError>("{}: tensor \"{}\" has the unknown dtype {}", file, name, dtype);
    entry.type = known->type;
    entry.shape = field.at("shape").get<std::vector<std::int64_t>>();
    const Json& offsets = field.at("data_offsets");
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned()) {
      fail<ModelError>("{}: tensor \"{}\" has bad data_offsets", file, name);
    }
    entry.begin = offsets[0].get<std::uint64_t>();
    entry.end = offsets[1].get<std::uint64_t>();
  } catch (const nlohmann::json::exception&) {
    fail<ModelError>("{}: tensor \"{}\" has a header field that is missing or of the wrong type",
                     file, name);
  }
  if (entry.begin > entry.end || entry.end > dataSize) {
    fail<ModelError>("{}: tensor \"{}\" lies outside the file (bytes {} to {} of {})", file, name,
                     entry.begin, entry.end, dataSize);
  }
  if (elementCount(entry, file) * c10::elementSize(entry.type) != entry.end - entry.begin) {
    fail<ModelError>("{}: tensor \"{}\" has {} bytes, its shape needs {}", file, name,
                     entry.end - entry.begin,
                     elementCount(entry, file) * c10::elementSize(entry.type));
  }
  return entry;
}

void refuseOverlap(std::vector<Entry>& entries, const std::string& file) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].begin < entries[i - 1].end) {
      fail<ModelError>("{}: tensors \"{}\" and \"{}\" overlap", file, entries[i - 1].name,
                       entries[i].name);
    }
  }
}

Json parseHeader(std::string_view text, const std::string& file) {
  Json header;
  try {
    header = Json::parse(text);
  } catch (const nlohmann::json::exception&) {
    fail<ModelError>("{}: the safetensors header is not valid JSON", file);
  }
  if (!header.is_object()) fail<ModelError>("{}: the safetensors header is not an object", file);
  return header;
}

const char* dtypeName(at::ScalarType type) {
  for (const DtypeName& d : kDtypes) {
    if (d.type == type) return d.name;
  }
  fail<UsageError>("safetensors cannot hold tensors of type {}", c10::toString(type));
}

std::size_t paddedHeader(std::size_t size) { return (size + 7) / 8 * 8; }

}  // namespace

TensorFile readSafetensors(const std::filesystem::path& path) {
  const std::string file = displayName(path);
  std::unique_ptr<MappedFile> mapped;
  try {
    mapped = std::make_unique<MappedFile>(path);
  } catch (const InputError& error) {
    throw ModelError(error.what());
  }
  return decodeSafetensors(mapped->bytes(), file);
}

TensorFile decodeSafetensors(std::span<const std::byte> bytes, const std::string& file) {
  std::uint64_t headerSize = 0;
  if (bytes.size() < 8)
    fail<ModelError>("{}: not a safetensors file ({} bytes)", file, bytes.size());
  std::memcpy(&headerSize, bytes.data(), 8);
  if (headerSize > kMaxHeader || headerSize > bytes.size() - 8) {
    fail<ModelError>(
        "{}: not a safetensors file, or cut short (header of {} bytes in a file of {})", file,
        headerSize, bytes.size());
  }
  const Json header =
      parseHeader({reinterpret_cast<const char*>(bytes.data()) + 8, headerSize}, file);
  const std::span<const std::byte> data = bytes.subspan(8 + headerSize);

  TensorFile result;
  std::vector<Entry> entries;
  for (const auto& [name, field] : header.items()) {
    if (name == "__metadata__") {
      if (!field.is_object()) fail<ModelError>("{}: __metadata__ is not an object", file);
      for (const auto& [key, value] : field.items()) {
        if (!value.is_string()) fail<ModelError>("{}: metadata \"{}\" is not text", file, key);
        result.metadata[key] = value.get<std::string>();
      }
    } else {
      entries.push_back(parseEntry(name, field, data.size(), file));
    }
  }
  refuseOverlap(entries, file);
  for (const Entry& entry : entries) {
    Tensor tensor = at::empty(entry.shape, at::TensorOptions().dtype(entry.type));
    if (entry.end > entry.begin)
      std::memcpy(tensor.data_ptr(), data.data() + entry.begin, entry.end - entry.begin);
    result.tensors.emplace(entry.name, std::move(tensor));
  }
  return result;
}

std::string encodeSafetensors(const TensorFile& file) {
  Json header = Json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : file.tensors) {
    const std::uint64_t size = static_cast<std::uint64_t>(tensor.numel()) * tensor.element_size();
    header[name] = {{"dtype", dtypeName(tensor.scalar_type())},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {offset, offset + size}}};
    offset += size;
  }
  std::string text = dumpJson(header);
  text.resize(paddedHeader(text.size()), ' ');
  const std::uint64_t headerSize = text.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &headerSize, 8);
  out += text;
  out.reserve(out.size() + offset);
  for (const auto& [name, tensor] : file.tensors) {
    const Tensor plain = tensor.detach().contiguous().cpu();
    out.append(static_cast<const char*>(plain.data_ptr()),
               static_cast<std::size_t>(plain.numel()) * plain.element_size());
  }
  return out;
}

void writeSafetensors(const std::filesystem::path& path, const TensorFile& file) {
  writeFileAtomically(path, encodeSafetensors(file));
}

const Tensor& requireTensor(const StateDict& state, const std::string& name,
                            const std::string& source) {
  const auto found = state.find(name);
  if (found == state.end()) fail<ModelError>("{}: the tensor \"{}\" is missing", source, name);
  return found->second;
}

}  // namespace inkling
