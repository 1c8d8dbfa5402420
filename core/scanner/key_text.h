#pragma once

#include "core/base/result.h"

#include <memory>
#include <optional>
#include <string>

namespace enroll::scanner {

/// What the keys of a keyboard write that is set to one country's layout. A scanner that works as a keyboard presses the
/// keys that would write its code there. One object per thread.
class KeyText {
public:
    /// \p layout as X11 names it: "us", "de".
    /// \par Errors   S-342 (there is no such layout)
    static Result<KeyText> create(const std::string& layout);
    KeyText(KeyText&&) noexcept;
    KeyText& operator=(KeyText&&) noexcept;
    ~KeyText();

    /// What the key that goes down writes, in UTF-8: nothing for Shift and its like, "\r" for Return, the control character
    /// for a key with Control, as scanners send group separators; a group separator for F1 and its like, which others press
    /// for one; a digit for a key of the keypad, whatever NumLock is.
    /// None: nobody knows which character was meant. It is pressed while Alt or the logo key is down, by which some scanners
    /// write characters as numbers; Shift makes Home or its like of a key of the keypad; or it writes nothing by itself, as
    /// an accent, an arrow, and a key that the layout does not have.
    /// \param code   of linux/input-event-codes.h: KEY_A
    std::optional<std::string> press(unsigned code);
    void release(unsigned code);
    /// No key is down.
    void forget();

private:
    struct Impl;
    explicit KeyText(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::scanner
