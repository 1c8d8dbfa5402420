#include "app/desktop/card_printing.h"

#include "app/desktop/screen_language.h"
#include "core/base/station_code.h"
#include "core/system/durable_file.h"
#include "core/system/whole_file.h"
#include "ui/card/command_card.h"

#include <iostream>

namespace enroll::app::desktop {
namespace {

constexpr std::string_view kPdfMark = "%PDF-";

/// A slip of the hand must not cost a journal or a key.
Result<void> requireNothingOrPdf(const std::filesystem::path& file)
{
    constexpr std::size_t kMostBytes = 16 << 20;
    std::error_code none;
    if (!std::filesystem::exists(file, none)) {
        return {};
    }
    TRY_ASSIGN(const auto known, system::readWholeText(file, kMostBytes));
    return known.starts_with(kPdfMark)
               ? Result<void>{}
               : makeError(StationCode::FileUnusable,
                           file.string() + ": is there already, and is no PDF: name another file, or remove this one");
}

Result<void> writeCard(const std::filesystem::path& file, const config::ConfigSources& sources)
{
    TRY_ASSIGN(const auto station, config::loadStationConfig(sources));
    const ScreenLanguage language(station.locale);
    TRY(requireNothingOrPdf(file));
    ui::CommandCard card;
    card.station.station = QString::fromStdString(station.stationId.text());
    TRY_ASSIGN(card.commands, station::CommandCodes::of(station.stationId));
    for (const auto& slot : station.slots) {
        card.slots.push_back({slot.number});
    }
    const auto pdf = ui::commandCardPdf(card);
    return system::writeDurably(file, std::as_bytes(std::span{pdf.constData(), static_cast<std::size_t>(pdf.size())}),
                                system::FileMode::Usual);
}

} // namespace

int printCommandCard(const std::filesystem::path& file, const config::ConfigSources& sources)
{
    constexpr int kFailed = 2;
    const auto written = writeCard(file, sources);
    if (!written.ok()) {
        std::cerr << "enroll-station: " << describeForLog(written.error()) << '\n';
        return kFailed;
    }
    std::cout << "The command card is in " << file.string() << ". Print it at its full size.\n";
    return 0;
}

} // namespace enroll::app::desktop
