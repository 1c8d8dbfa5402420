#include "core/enrollment/twin_value.h"

#include "core/base/bytes.h"
#include "core/base/overloaded.h"

#include <array>
#include <charconv>

namespace enroll::enrollment {
namespace {

void putText(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < ' ') {
            out += "\\u00" + toHex(ByteWriter{}.u8(static_cast<std::uint8_t>(c)).view());
        } else {
            out += c;
        }
    }
    out += '"';
}

template <class Number>
void putNumber(std::string& out, Number number)
{
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), end.ptr);
}

void put(std::string& out, const TwinObject& object, const DeviceWords& words);

void put(std::string& out, const TwinValue& value, const DeviceWords& words)
{
    const Overloaded writer{[&](bool flag) { out += flag ? "true" : "false"; },
                            [&](std::int64_t number) { putNumber(out, number); },
                            [&](double number) { putNumber(out, number); },
                            [&](const TextPattern& text) { putText(out, text.textFor(words)); },
                            [&](const TwinList& list) {
                                out += '[';
                                for (std::size_t i = 0; i < list.size(); ++i) {
                                    out += i == 0 ? "" : ",";
                                    put(out, list[i], words);
                                }
                                out += ']';
                            },
                            [&](const TwinObject& object) { put(out, object, words); }};
    std::visit(writer, value.held);
}

void put(std::string& out, const TwinObject& object, const DeviceWords& words)
{
    out += '{';
    for (std::size_t i = 0; i < object.size(); ++i) {
        out += i == 0 ? "" : ",";
        putText(out, object[i].name);
        out += ':';
        put(out, object[i].value, words);
    }
    out += '}';
}

std::size_t mostBytesOf(const TwinValue& value)
{
    constexpr std::size_t kFlag = 4;
    constexpr std::size_t kNumber = 8;
    const Overloaded size{[](bool) { return kFlag; },
                          [](std::int64_t) { return kNumber; },
                          [](double) { return kNumber; },
                          [](const TextPattern& text) { return text.longest(); },
                          [](const TwinList& list) {
                              std::size_t sum = 0;
                              for (const auto& entry : list) {
                                  sum += mostBytesOf(entry);
                              }
                              return sum;
                          },
                          [](const TwinObject& object) { return mostTwinBytes(object); }};
    return std::visit(size, value.held);
}

} // namespace

// Not defaulted: clang 14 ends with a fault where defaulted comparisons go round in a circle.
bool TwinValue::operator==(const TwinValue& other) const
{
    return held == other.held;
}

bool TwinMember::operator==(const TwinMember& other) const
{
    return name == other.name && value == other.value;
}

std::size_t mostTwinBytes(const TwinObject& object)
{
    std::size_t sum = 0;
    for (const auto& member : object) {
        sum += member.name.size() + mostBytesOf(member.value);
    }
    return sum;
}

std::string twinJson(const TwinObject& object, const DeviceWords& words)
{
    std::string text;
    put(text, object, words);
    return text;
}

} // namespace enroll::enrollment
