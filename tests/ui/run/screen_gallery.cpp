// Grabs the Run screen into a PNG file, for the eye: a fixture whose devices pass, are on hold, fail, run and wait, with the
// detail of one slot.
//
//     screen_gallery screen.png --theme dark --size 1280x800 --slots 16 --detail 2
//     screen_gallery restart.png --restart --detail 1

#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "tests/ui/run/tile_samples.h"
#include "tests/ui/station_window.h"
#include "ui/run/scan_messages.h"

#include <QCommandLineParser>

using namespace enroll;

namespace {

using test::Device;
using test::Station;

/// By their slots: passes, has the key of the first (on hold), does not answer, runs, cannot be reached, has no certificate.
Result<Device> deviceIn(const Station& station, int slot, std::stop_token stop)
{
    auto tpm = std::make_unique<test::FakeDeviceTpm>(test::workedKeys());
    tpm->setCertificateNv(station.authority.issue(test::workedKeys().endorsementKey.pem));
    switch (slot % 8) {
    case 3:
        tpm->failOn(test::TpmCall::Connect, makeError(DeviceCode::NoTpmAnswers, "time-out"));
        break;
    case 4:
        return Device{std::make_unique<test::StallingTpm>(std::move(stop))};
    case 5:
        tpm->failOn(test::TpmCall::Connect, makeError(StationCode::StationCannotReachPort, "refused"));
        break;
    case 6:
        tpm->setCertificateNv({});
        tpm->changeReading([](attestation::EndorsementKeyReading& reading) {
            reading.source = {};
            reading.otherKeyAt = 0x81010001;
        });
        break;
    default:
        break;
    }
    return Device{std::move(tpm)};
}

QString serialOf(int slot)
{
    return QStringLiteral("GX-0001%1").arg(82 + slot);
}

void runIn(Station& station, int slot)
{
    if (station.tile(slot).look == ui::TileLook::Pass) {
        station.choose(slot);
    }
    station.type(serialOf(slot));
    station.press(Qt::Key_F4);
    const auto stays = slot % 8 == 4;
    const auto seen = [&] {
        const auto& tile = station.tile(slot);
        return stays ? tile.progress.has_value() : !tile.progress && tile.look != ui::TileLook::Ready;
    };
    QTRY_VERIFY_WITH_TIMEOUT(seen(), test::kPatience);
}

void fill(Station& station, int slots)
{
    constexpr int kTested = 6;
    constexpr int kLearned = 4; // from then on, the station knows how long a step usually takes
    for (int run = 1; run < kLearned; ++run) {
        runIn(station, 1);
    }
    for (int slot = 1; slot <= std::min(slots, kTested); ++slot) { // one by one: the first has the key
        runIn(station, slot);
    }
    if (slots > kTested) {
        station.type(serialOf(kTested + 1));
    }
}

/// A station that starts again: results, tests that nobody saw end, and slots of which nothing is known.
struct Kept final : station::SlotMemory {
    explicit Kept(int slots)
    {
        for (int slot = 1; slot <= slots; ++slot) {
            const bool lost = slot % 8 == 7 || slot % 8 == 0;
            tests[{slot}] = {lost ? std::nullopt
                                  : std::optional{enrollment::SerialNumber{serialOf(slot).toStdString()}},
                             utcNow() - std::chrono::minutes{170}, std::nullopt, "tcp://127.0.0.1:2321"};
        }
    }
    [[nodiscard]] const station::KeptTests& kept() const noexcept override { return tests; }
    Result<void> begin(enrollment::SlotNumber, const station::KeptTest&) override { return {}; }
    void change(enrollment::SlotNumber, const std::optional<station::KeptTest>&) override {}

    station::KeptTests tests;
};

/// What the journal holds: of every sixth slot nothing, and of every fifth nobody searched yet.
void showAgain(Station& station)
{
    std::map<enrollment::SlotNumber, std::optional<enrollment::AttestationRun>> found;
    for (const auto& [slot, test] : station.controller->unsearched()) {
        const auto kind = slot.value % 8;
        if (kind == 5) {
            continue;
        }
        const auto serial = serialOf(slot.value).toStdString();
        auto run = kind == 2   ? test::sampleRun(Outcome::Fail, DeviceCode::NoTpmAnswers, serial)
                   : kind == 3 ? test::sampleRun(Outcome::Hold, HoldCode::EkEnrolledElsewhere, serial)
                               : test::sampleRun(Outcome::Pass, std::nullopt, serial);
        run.startedAt = test.startedAt;
        found[slot] = kind == 6 ? std::nullopt : std::optional{run};
    }
    station.controller->takeKept(found);
    station.controller->cannotSearch(makeError(StationCode::JournalAltered, "for the eye"));
    if (!station.controller->board().forgotten().empty()) {
        station.runScreen->scanBar().show(ui::forgottenMessage());
    }
    station.window->showCondition(ui::stationCondition(station.controller->board(), std::nullopt, {}));
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addPositionalArgument(QStringLiteral("file"), QStringLiteral("the PNG file"));
    parser.addOptions(
        {{QStringLiteral("theme"), QStringLiteral("light or dark"), QStringLiteral("theme")},
         {QStringLiteral("size"), QStringLiteral("of the window"), QStringLiteral("WxH"), QStringLiteral("1920x1080")},
         {QStringLiteral("slots"), QStringLiteral("how many"), QStringLiteral("N"), QStringLiteral("8")},
         {QStringLiteral("detail"), QStringLiteral("the slot whose detail is open"), QStringLiteral("N")},
         {QStringLiteral("restart"), QStringLiteral("the station starts again")},
         {QStringLiteral("f1"), QStringLiteral("the help is open")}});
    parser.process(application);
    if (parser.positionalArguments().size() != 1) {
        parser.showHelp(2);
    }
    const auto size = parser.value(QStringLiteral("size")).split(QLatin1Char('x'));
    const auto dark = parser.value(QStringLiteral("theme")) == QLatin1String("dark");
    const auto slots = parser.value(QStringLiteral("slots")).toInt();
    const auto restart = parser.isSet(QStringLiteral("restart"));
    const Station* self = nullptr;
    Station station(
        slots,
        [&self](const enrollment::EnrollmentOrder& order, std::stop_token stop) {
            return deviceIn(*self, order.slot.value, std::move(stop));
        },
        nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, {}, {},
        dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light, station::SelfStart{enrollment::StartRule::Key},
        restart ? std::make_shared<Kept>(slots) : nullptr);
    self = &station;
    station.window->resize(size.value(0).toInt(), size.value(1).toInt());
    restart ? showAgain(station) : fill(station, slots);
    if (const auto slot = parser.value(QStringLiteral("detail")).toInt(); slot != 0) {
        if (slots > 1) {
            station.choose(slot);
        }
        station.press(Qt::Key_F9);
    }
    if (parser.isSet(QStringLiteral("f1"))) {
        station.press(Qt::Key_F1);
    }
    QCoreApplication::processEvents();
    return station.window->grab().save(parser.positionalArguments().front()) ? 0 : 1;
}
