#include "core/scanner/key_text.h"

#include "core/base/station_code.h"

#include <array>
#include <linux/input-event-codes.h>
#include <xkbcommon/xkbcommon.h>

namespace enroll::scanner {
namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const
    {
        release(object);
    }
};
using Context = std::unique_ptr<xkb_context, Release<&xkb_context_unref>>;
using Keymap = std::unique_ptr<xkb_keymap, Release<&xkb_keymap_unref>>;
using State = std::unique_ptr<xkb_state, Release<&xkb_state_unref>>;

/// X11 numbers keys from 8 on.
constexpr xkb_keycode_t kFirstKey = 8;
/// Between the fields of a code. ISO/IEC 646, "GS".
constexpr char kGroupSeparator = '\x1D';

bool isActive(xkb_state& state, const char* modifier)
{
    return xkb_state_mod_name_is_active(&state, modifier, XKB_STATE_MODS_EFFECTIVE) > 0;
}

Keymap keymapOf(const std::string& layout)
{
    // No environment: XKB_DEFAULT_OPTIONS of whoever starts the station is nothing to its scanner.
    const Context context{xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES)};
    if (!context) {
        return {};
    }
    xkb_context_set_log_level(context.get(), XKB_LOG_LEVEL_CRITICAL);
    const xkb_rule_names names{"evdev", "pc105", layout.c_str(), "", ""};
    return Keymap{xkb_keymap_new_from_names(context.get(), &names, XKB_KEYMAP_COMPILE_NO_FLAGS)};
}

/// No key is down, and the keypad writes digits.
State freshState(xkb_keymap* keymap)
{
    State state{xkb_state_new(keymap)};
    if (state) {
        xkb_state_update_key(state.get(), KEY_NUMLOCK + kFirstKey, XKB_KEY_DOWN);
        xkb_state_update_key(state.get(), KEY_NUMLOCK + kFirstKey, XKB_KEY_UP);
    }
    return state;
}

/// What a key of the keypad means while it writes no digit: Home, an arrow, and their like.
bool movesCursor(xkb_keysym_t symbol)
{
    return symbol >= XKB_KEY_KP_Home && symbol <= XKB_KEY_KP_Delete;
}

/// Shift, Control, Alt and their like, which change what other keys write.
bool isModifier(xkb_keysym_t symbol)
{
    return (symbol >= XKB_KEY_Shift_L && symbol <= XKB_KEY_Hyper_R) ||
           (symbol >= XKB_KEY_ISO_Lock && symbol <= XKB_KEY_ISO_Level5_Lock) || symbol == XKB_KEY_Mode_switch ||
           symbol == XKB_KEY_Num_Lock;
}

/// What a key means that writes no character of its own.
std::optional<std::string> meaningOf(xkb_keysym_t symbol)
{
    if (isModifier(symbol)) {
        return std::string{};
    }
    if (symbol >= XKB_KEY_F1 && symbol <= XKB_KEY_F35) {
        return std::string{kGroupSeparator};
    }
    return std::nullopt;
}

} // namespace

struct KeyText::Impl {
    Keymap keymap;
    State state;
};

Result<KeyText> KeyText::create(const std::string& layout)
{
    auto keymap = keymapOf(layout);
    State state{keymap ? freshState(keymap.get()) : nullptr};
    if (!state) {
        return makeError(StationCode::ScannerLost,
                         "scanner.layout: no keyboard layout is called \"" + layout +
                             "\"; \"us\" and \"de\" are examples",
                         "read the scanner");
    }
    return KeyText{std::make_unique<Impl>(Impl{std::move(keymap), std::move(state)})};
}

KeyText::KeyText(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
KeyText::KeyText(KeyText&&) noexcept = default;
KeyText& KeyText::operator=(KeyText&&) noexcept = default;
KeyText::~KeyText() = default;

std::optional<std::string> KeyText::press(unsigned code)
{
    auto& state = *m_impl->state;
    if (code == KEY_NUMLOCK) {
        return std::string{};
    }
    std::array<char, 16> text{};
    const auto key = code + kFirstKey;
    const auto length = xkb_state_key_get_utf8(&state, key, text.data(), text.size());
    const auto symbol = xkb_state_key_get_one_sym(&state, key);
    const bool isUnknown =
        isActive(state, XKB_MOD_NAME_ALT) || isActive(state, XKB_MOD_NAME_LOGO) || movesCursor(symbol);
    xkb_state_update_key(&state, key, XKB_KEY_DOWN);
    if (isUnknown || length >= static_cast<int>(text.size())) {
        return isModifier(symbol) ? std::optional{std::string{}} : std::nullopt;
    }
    return length > 0 ? std::string{text.data(), static_cast<std::size_t>(length)} : meaningOf(symbol);
}

void KeyText::release(unsigned code)
{
    if (code != KEY_NUMLOCK) {
        xkb_state_update_key(m_impl->state.get(), code + kFirstKey, XKB_KEY_UP);
    }
}

void KeyText::forget()
{
    if (auto fresh = freshState(m_impl->keymap.get())) {
        m_impl->state = std::move(fresh);
    }
}

} // namespace enroll::scanner
