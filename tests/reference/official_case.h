// A case read strictly: the official constructor's arguments, of which none may be left over, and
// the official module's parameters and buffers, of which none may be left over either. So a case
// with an option that we do not know fails instead of being compared with something else.
#pragma once

#include <regex>
#include <set>
#include <string>

#include "tests/reference/case_tools.h"

namespace inkling::reference {

/// The constructor's arguments of a case.
class Options {
 public:
  explicit Options(const Case& c) : options_(c.json.at("ctor")) {
    EXPECT_EQ(c.json.value("mode", "eval"), "eval") << "only evaluation is compared";
  }
  template <typename T>
  T get(const std::string& name) {
    read_.insert(name);
    return options_.at(name).get<T>();
  }
  template <typename T>
  T get(const std::string& name, T otherwise) {
    read_.insert(name);
    const auto found = options_.find(name);
    return found == options_.end() || found->is_null() ? otherwise : found->template get<T>();
  }
  /// Options that change nothing in evaluation, such as dropout.
  void ignore(std::initializer_list<const char*> names) {
    for (const char* name : names) read_.insert(name);
  }
  /// An option that we know with one value only.
  template <typename T>
  void expect(const std::string& name, const T& value) {
    EXPECT_EQ(get<T>(name, value), value) << "not supported: another " << name;
  }
  /// Call last: fails for every option that was not asked for.
  void expectAllRead() const {
    for (const auto& [name, value] : options_.items())
      EXPECT_TRUE(read_.contains(name)) << "unknown option " << name << " = " << value;
  }

 private:
  const Json options_;
  std::set<std::string> read_;
};

/// Loads "param." and "buffer." of a case (below `prefix`) into `module`; fails for tensors of the
/// official module that ours does not have. `without`: names of those that the official code
/// never uses or computes from the constructor's arguments.
inline void loadOfficial(Module& module, const Case& c, const std::string& prefix = "",
                         const std::string& without = ".*num_batches_tracked") {
  StateDict official;
  for (const auto& [name, tensor] : c.tensors) {
    for (const std::string kind : {"param.", "buffer."}) {
      if (name.starts_with(kind + prefix))
        official.emplace(name.substr(kind.size() + prefix.size()), tensor);
    }
  }
  loadOnDevice(module, official, c.file.string());
  const StateDict ours = module.state();
  for (const auto& [name, tensor] : official) {
    EXPECT_TRUE(ours.contains(name) || std::regex_match(name, std::regex(without)))
        << "no place for " << prefix << name;
  }
}

}  // namespace inkling::reference
