#pragma once

#include <functional>
#include <string> // brings <compare>, which moc 6.4 cannot read as the first header of a file

namespace enroll {

/// A text that identifies one kind of thing. Each \p Tag is a type of its own, so that a serial number cannot be passed
/// as a registration id. Does not validate: the parser of each kind does.
template <class Tag>
class StrongId {
public:
    StrongId() = default;
    explicit StrongId(std::string text) : m_text(std::move(text)) {}

    [[nodiscard]] const std::string& text() const noexcept { return m_text; }
    [[nodiscard]] bool empty() const noexcept { return m_text.empty(); }
    auto operator<=>(const StrongId&) const = default; // NOLINT(modernize-use-nullptr): see error_code.h

private:
    std::string m_text;
};

} // namespace enroll

template <class Tag>
struct std::hash<enroll::StrongId<Tag>> {
    std::size_t operator()(const enroll::StrongId<Tag>& id) const noexcept
    {
        return std::hash<std::string>{}(id.text());
    }
};
