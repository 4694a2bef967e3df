// Numbers of half precision (IEEE 754 binary16), kept as their 16 bits: what models of half
// precision read and write. For processors; a card has instructions for it.
#pragma once

#include <bit>
#include <cstdint>

namespace inkling::kernels {

/// The nearest half, of two equally near ones the even one. From 65520 on it is infinity; NaN stays
/// NaN.
constexpr std::uint16_t halfBits(float value) {
  constexpr std::uint32_t kInfinity = 0x7c00;
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return static_cast<std::uint16_t>(sign | 0x7e00);
  if (magnitude >= 0x47800000) return static_cast<std::uint16_t>(sign | kInfinity);  // 2^16
  // What is kept of the fraction, and by how many bits it is shorter. Below 2^-14 the steps no
  // longer shrink, and the leading 1 is a digit like the others.
  const std::uint32_t exponent = magnitude >> 23;
  const bool isNormal = exponent >= 113;
  const std::uint32_t fraction =
      isNormal ? magnitude - (112U << 23) : (magnitude & 0x7fffff) | 0x800000;
  const std::uint32_t dropped = isNormal ? 13 : 126 - exponent;
  if (dropped > 24) return static_cast<std::uint16_t>(sign);  // less than half the smallest
  const std::uint32_t kept = fraction >> dropped, rest = fraction - (kept << dropped),
                      middle = 1U << (dropped - 1);
  const bool up = rest > middle || (rest == middle && kept % 2 == 1);
  return static_cast<std::uint16_t>(sign | (kept + (up ? 1 : 0)));  // may carry to the exponent
}

/// The number that a half stands for; exact.
constexpr float halfValue(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000U) << 16, exponent = bits >> 10 & 31U,
                      fraction = bits & 0x3ffU;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000U | fraction << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
  const float small = static_cast<float>(fraction) * 0x1p-24F;
  return sign != 0 ? -small : small;
}

}  // namespace inkling::kernels
