#include "core/station/measured_screen.h"

#include <algorithm>
#include <cstdlib>

namespace enroll::station {
namespace {

/// Where what is shown is scaled by a fraction, the number of pixels is known but for its rounding.
bool isAbout(int one, int other) noexcept
{
    constexpr int kRounding = 2;
    return std::abs(one - other) <= kRounding;
}

} // namespace

bool isSameScreen(const ScreenId& one, const ScreenId& other) noexcept
{
    const bool samePicture =
        isAbout(one.widthPixels, other.widthPixels) && isAbout(one.heightPixels, other.heightPixels);
    const bool names = !one.model.empty() && !one.serial.empty();
    return samePicture && one.model == other.model && one.serial == other.serial &&
           (names || one.connector == other.connector);
}

MeasuredScreens::MeasuredScreens(const std::vector<MeasuredScreen>& screens)
{
    for (const auto& screen : screens) {
        keep(screen);
    }
}

std::optional<double> MeasuredScreens::widthOf(const ScreenId& screen) const noexcept
{
    const auto found =
        std::ranges::find_if(m_all, [&](const auto& known) { return isSameScreen(known.screen, screen); });
    return found == m_all.end() ? std::nullopt : std::optional{found->widthMillimetres};
}

void MeasuredScreens::keep(MeasuredScreen measured)
{
    std::erase_if(m_all, [&](const auto& known) { return isSameScreen(known.screen, measured.screen); });
    m_all.push_back(std::move(measured));
    if (m_all.size() > kMost) {
        m_all.erase(m_all.begin());
    }
}

} // namespace enroll::station
