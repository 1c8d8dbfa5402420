#pragma once

#include <optional>
#include <string>
#include <vector>

namespace enroll::station {

/// A screen, as the display server names it. Each text may be empty.
struct ScreenId {
    std::string connector; ///< where it is plugged in, such as "HDMI-1"
    std::string model;     ///< with its maker
    std::string serial;
    int widthPixels = 0; ///< of its picture, whatever scales what is shown on it
    int heightPixels = 0;
    bool operator==(const ScreenId&) const = default;
};

/// True for one screen, or two that show pictures of one size: they have the same model and serial number; of a screen that
/// says neither, the same connector. Another number of pixels may leave the picture smaller than the glass.
bool isSameScreen(const ScreenId& one, const ScreenId& other) noexcept;

/// What a ruler said of a screen.
struct MeasuredScreen {
    ScreenId screen;
    double widthMillimetres = 0; ///< of its picture
    bool operator==(const MeasuredScreen&) const = default;
};

/// The latest measure of each screen that the station was ever shown on. A value.
class MeasuredScreens {
public:
    /// More than that are not kept: those that were measured longest ago give way.
    static constexpr std::size_t kMost = 32;

    MeasuredScreens() = default;
    /// \p screens: the latest last.
    explicit MeasuredScreens(const std::vector<MeasuredScreen>& screens);

    /// In the order in which they were measured.
    [[nodiscard]] const std::vector<MeasuredScreen>& all() const noexcept { return m_all; }
    /// None: nobody measured \p screen.
    [[nodiscard]] std::optional<double> widthOf(const ScreenId& screen) const noexcept;
    /// In the place of what was known of that screen.
    void keep(MeasuredScreen measured);
    bool operator==(const MeasuredScreens&) const = default;

private:
    std::vector<MeasuredScreen> m_all;
};

} // namespace enroll::station
