#pragma once

#include "core/enrollment/text_pattern.h"

#include <cstdint>

namespace enroll::enrollment {

struct TwinMember;
struct TwinValue;
using TwinList = std::vector<TwinValue>;
using TwinObject = std::vector<TwinMember>; ///< by name, ascending; each name once

/// A value of a device twin's tags or desired properties. A text may differ from device to device.
struct TwinValue {
    std::variant<bool, std::int64_t, double, TextPattern, TwinList, TwinObject> held;
    bool operator==(const TwinValue& other) const;
};

struct TwinMember {
    std::string name;
    TwinValue value;
    bool operator==(const TwinMember& other) const;
};

/// Limits of a hub's device twins. Source: Azure IoT Hub, "Understand and use device twins", "Tags and properties
/// format" and "Device twin size".
namespace twin_limits {
inline constexpr std::size_t kTagsBytes = std::size_t{8} * 1024;
inline constexpr std::size_t kDesiredBytes = std::size_t{32} * 1024;
inline constexpr std::size_t kNameBytes = 1024;
inline constexpr std::size_t kTextBytes = std::size_t{4} * 1024;
inline constexpr int kDepth = 10; ///< of objects and lists within each other
inline constexpr std::int64_t kMostInteger = 4'503'599'627'370'495;
inline constexpr std::int64_t kLeastInteger = -4'503'599'627'370'496;
} // namespace twin_limits

/// The size by which a hub limits twins, for the device whose texts are the longest: names and texts in bytes, 8 for a
/// number, 4 for a truth value.
std::size_t mostTwinBytes(const TwinObject& object);

/// The JSON text for one device: compact, members in their order.
std::string twinJson(const TwinObject& object, const DeviceWords& words);

} // namespace enroll::enrollment
