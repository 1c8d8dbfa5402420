#include "app/desktop/screen_sizes.h"

#include "core/base/without_exceptions.h"
#include "core/system/latest_writer.h"
#include "db/screens/screens_file.h"
#include "ui/theme/type_scale.h"

#include <QScreen>

#include <cmath>
#include <mutex>
#include <optional>
#include <utility>

namespace enroll::app::desktop {
namespace {

constexpr auto kThread = "screen-sizes";
using station::MeasuredScreens;

bool isPlausible(const station::MeasuredScreen& measured)
{
    return ui::judgeScreenWidth(measured.screen.widthPixels, measured.widthMillimetres) == ui::ScreenWidth::Plausible;
}

MeasuredScreens keptIn(const std::filesystem::path& dataDirectory)
{
    const auto read = db::screens::readScreens(dataDirectory);
    if (!read.ok()) {
        logFault(read.error());
        return {};
    }
    MeasuredScreens kept;
    for (const auto& measured : read->all()) {
        if (isPlausible(measured)) {
            kept.keep(measured);
        }
    }
    return kept;
}

} // namespace

struct ScreenSizes::Impl {
    std::filesystem::path dataDirectory;
    ScreenSizes* sizes;
    std::mutex mutex = {};
    MeasuredScreens latest = {};                     ///< under mutex
    std::optional<system::LatestWriter> writer = {}; // last: ends before what it uses is gone

    Result<void> write()
    {
        const auto screens = [this] {
            const std::lock_guard held(mutex);
            return latest;
        }();
        auto outcome =
            withoutExceptions<void>(kThread, [&] { return db::screens::writeScreens(dataDirectory, screens); });
        QMetaObject::invokeMethod(
            sizes, [sizes = sizes, outcome] { Q_EMIT sizes->written(outcome); }, Qt::QueuedConnection);
        return outcome;
    }
};

ScreenSizes::ScreenSizes(std::filesystem::path dataDirectory, QObject* parent)
    : QObject(parent), m_screens(keptIn(dataDirectory)),
      m_impl(new Impl{.dataDirectory = std::move(dataDirectory), .sizes = this})
{
    m_impl->writer.emplace(kThread, [impl = m_impl.get()] { return impl->write(); });
}

ScreenSizes::~ScreenSizes() = default;

station::ScreenId ScreenSizes::idOf(const QScreen& screen)
{
    const auto pixels = [&](int logical) { return static_cast<int>(std::lround(logical * screen.devicePixelRatio())); };
    const auto model = QString(screen.manufacturer() + QLatin1Char(' ') + screen.model()).simplified();
    return {screen.name().toStdString(), model.toStdString(), screen.serialNumber().toStdString(),
            pixels(screen.size().width()), pixels(screen.size().height())};
}

std::optional<double> ScreenSizes::widthOf(const station::ScreenId& screen) const
{
    return m_screens.widthOf(screen);
}

void ScreenSizes::keep(const station::MeasuredScreen& measured)
{
    m_screens.keep(measured);
    const std::lock_guard held(m_impl->mutex);
    m_impl->latest = m_screens;
    m_impl->writer->changed();
}

} // namespace enroll::app::desktop
