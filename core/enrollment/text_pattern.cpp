#include "core/enrollment/text_pattern.h"

#include "core/base/overloaded.h"
#include "core/base/station_code.h"
#include "core/base/written_text.h"

#include <algorithm>
#include <array>

namespace enroll::enrollment {
namespace {

struct PlaceholderRow {
    std::string_view word;
    Placeholder placeholder;
    std::size_t longest; ///< bytes
};

constexpr std::array kPlaceholders{
    PlaceholderRow{"serial", Placeholder::Serial, 64},                // parseSerialNumber()
    PlaceholderRow{"registration_id", Placeholder::Registration, 64}, // 52, or a serial number
    PlaceholderRow{"batch", Placeholder::Batch, std::size_t{4} * 64}, // 64 characters of UTF-8
};

const std::string& wordOf(Placeholder placeholder, const DeviceWords& words) noexcept
{
    switch (placeholder) {
    case Placeholder::Serial:
        return words.serialNumber.text();
    case Placeholder::Registration:
        return words.registrationId.text();
    case Placeholder::Batch:
        return words.batch.text();
    }
    return words.serialNumber.text();
}

Error unusable(std::string what)
{
    return makeError(StationCode::ConfigurationInvalid, std::move(what));
}

/// Reads the placeholder that begins at \p at, and moves \p at behind it.
Result<Placeholder> placeholderAt(std::string_view text, std::size_t& at)
{
    const auto end = text.find('}', at);
    if (end == std::string_view::npos) {
        return unusable("has a { without its }: write {{ for a brace");
    }
    const auto word = text.substr(at + 1, end - at - 1);
    const auto* const row = std::ranges::find(kPlaceholders, word, &PlaceholderRow::word);
    if (row == kPlaceholders.end()) {
        return unusable("has " + quotedText(text.substr(at, end + 1 - at)) +
                        ", which stands for nothing; known are {serial}, {registration_id} and {batch}, and {{ is "
                        "a brace");
    }
    at = end + 1;
    return row->placeholder;
}

} // namespace

Result<TextPattern> TextPattern::parse(std::string text)
{
    TextPattern pattern;
    std::string literal;
    const std::string_view all{text};
    for (std::size_t at = 0; at < all.size();) {
        const char c = all[at];
        if ((c == '{' || c == '}') && all.substr(at + 1, 1) == all.substr(at, 1)) {
            literal += c;
            at += 2;
        } else if (c == '}') {
            return unusable("has a } without its {: write }} for a brace");
        } else if (c == '{') {
            TRY_ASSIGN(const auto placeholder, placeholderAt(all, at));
            pattern.m_parts.emplace_back(std::exchange(literal, {}));
            pattern.m_parts.emplace_back(placeholder);
        } else {
            literal += c;
            ++at;
        }
    }
    pattern.m_parts.emplace_back(std::move(literal));
    pattern.m_text = std::move(text);
    return pattern;
}

std::string TextPattern::textFor(const DeviceWords& words) const
{
    std::string result;
    for (const auto& part : m_parts) {
        result += std::visit(Overloaded{[](const std::string& literal) { return literal; },
                                        [&](Placeholder placeholder) { return wordOf(placeholder, words); }},
                             part);
    }
    return result;
}

std::size_t TextPattern::longest() const noexcept
{
    std::size_t sum = 0;
    for (const auto& part : m_parts) {
        if (const auto* literal = std::get_if<std::string>(&part)) {
            sum += literal->size();
        } else {
            sum += std::ranges::find(kPlaceholders, std::get<Placeholder>(part), &PlaceholderRow::placeholder)->longest;
        }
    }
    return sum;
}

bool TextPattern::has(Placeholder placeholder) const noexcept
{
    return std::ranges::any_of(m_parts, [placeholder](const auto& part) {
        const auto* const held = std::get_if<Placeholder>(&part);
        return held != nullptr && *held == placeholder;
    });
}

} // namespace enroll::enrollment
