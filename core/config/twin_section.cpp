#include "core/config/twin_section.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>

namespace enroll::config {
namespace {

namespace limits = enrollment::twin_limits;
using enrollment::TextPattern;
using enrollment::TwinList;
using enrollment::TwinObject;
using enrollment::TwinValue;

/// Where a value stands: in the table \p fields under \p key, itself or in a list there.
struct Place {
    const Fields& fields;
    std::string_view key;
    int depth; ///< of the value, if it is an object or a list

    [[nodiscard]] Error error(const std::string& what) const { return fields.errorAt(key, what); }
};

Result<TwinObject> objectOf(const Fields& table, int depth);
Result<TwinValue> valueOf(const toml::node& node, const Place& place);

Result<void> requireDepth(const Place& place)
{
    return place.depth <= limits::kDepth ? Result<void>{}
                                         : place.error("goes too deep: a hub takes " + std::to_string(limits::kDepth) +
                                                       " objects or lists within each other");
}

Result<void> requireName(const Place& place)
{
    const auto name = place.key;
    if (name.empty() || name.size() > limits::kNameBytes) {
        return place.error("is a name of " + std::to_string(name.size()) + " bytes; a hub takes 1 to " +
                           std::to_string(limits::kNameBytes));
    }
    if (name.find_first_of(".$ ") != std::string_view::npos || printableText(name) != name) {
        return place.error("is a name with a dot, a dollar sign, a space or a control character, which a hub refuses");
    }
    return {};
}

Result<TwinValue> textOf(const std::string& text, const Place& place)
{
    if (printableText(text) != text) {
        return place.error("has a line end or a control character: write it without");
    }
    auto pattern = TextPattern::parse(text);
    if (!pattern.ok()) {
        return place.error(pattern.error().what);
    }
    if (pattern->longest() > limits::kTextBytes) {
        return place.error("can get " + std::to_string(pattern->longest()) + " bytes long; a hub takes " +
                           std::to_string(limits::kTextBytes));
    }
    return TwinValue{std::move(pattern).value()};
}

Result<TwinValue> numberOf(std::int64_t number, const Place& place)
{
    if (number < limits::kLeastInteger || number > limits::kMostInteger) {
        return place.error("is out of the range that a hub takes: " + std::to_string(limits::kLeastInteger) + " to " +
                           std::to_string(limits::kMostInteger));
    }
    return TwinValue{number};
}

Result<TwinValue> listOf(const toml::array& list, const Place& place)
{
    TRY(requireDepth(place));
    TwinList values;
    for (const auto& entry : list) {
        TRY_ASSIGN(auto value, valueOf(entry, {place.fields, place.key, place.depth + 1}));
        values.push_back(std::move(value));
    }
    return TwinValue{std::move(values)};
}

Result<TwinValue> tableOf(const toml::table& table, const Place& place)
{
    TRY(requireDepth(place));
    TRY_ASSIGN(auto object, objectOf(place.fields.within(table, place.key), place.depth + 1));
    return TwinValue{std::move(object)};
}

Result<TwinValue> valueOf(const toml::node& node, const Place& place)
{
    if (const auto* text = node.as_string()) {
        return textOf(text->get(), place);
    }
    if (const auto* number = node.as_integer()) {
        return numberOf(number->get(), place);
    }
    if (const auto* number = node.as_floating_point()) {
        return std::isfinite(number->get()) ? Result<TwinValue>{TwinValue{number->get()}}
                                            : place.error("is no finite number, and JSON has no other");
    }
    if (const auto* flag = node.as_boolean()) {
        return TwinValue{flag->get()};
    }
    if (const auto* list = node.as_array()) {
        return listOf(*list, place);
    }
    if (const auto* table = node.as_table()) {
        return tableOf(*table, place);
    }
    return place.error("is a date or a time, which JSON has not: write it in quotes");
}

/// \param depth  of an object or a list in it
Result<TwinObject> objectOf(const Fields& table, int depth)
{
    TwinObject object;
    for (const auto& [key, node] : table.toml()) {
        const Place place{table, key.str(), depth};
        TRY(requireName(place));
        TRY_ASSIGN(auto value, valueOf(node, place));
        object.push_back({std::string{key.str()}, std::move(value)});
    }
    std::ranges::sort(object, {}, &enrollment::TwinMember::name);
    return object;
}

} // namespace

Result<TwinObject> readTwinObject(const Fields& section, std::string_view key, std::size_t mostBytes)
{
    TRY_ASSIGN(const auto table, section.table(key));
    TRY_ASSIGN(auto object, objectOf(table, 1));
    if (const auto bytes = enrollment::mostTwinBytes(object); bytes > mostBytes) {
        return section.errorAt(key, "can get " + std::to_string(bytes) + " bytes large; a hub takes " +
                                        std::to_string(mostBytes));
    }
    return object;
}

} // namespace enroll::config
