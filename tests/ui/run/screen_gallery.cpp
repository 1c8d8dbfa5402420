// Grabs the Run screen into a PNG file, for the eye: a fixture whose devices pass, are on hold, fail, run and wait, with the
// detail of one slot.
//
//     screen_gallery screen.png --theme dark --size 1280x800,1920x1080 --slots 16 --detail 2
//     screen_gallery far.png --slots 32 --distance 2 --dpi 92 --page 3
//     screen_gallery restart.png --restart --detail 1
//     screen_gallery lost.png --scene B-641
//     screen_gallery stopped.png --scene stop:S-305

#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "tests/support/code_text.h"
#include "tests/ui/run/gallery_options.h"
#include "tests/ui/run/tile_samples.h"
#include "tests/ui/station_window.h"
#include "ui/run/order_messages.h"
#include "ui/run/scan_messages.h"
#include "ui/run/sign_in_messages.h"

#include <cerrno>

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
    return QStringLiteral("GX-%1").arg(182 + slot, 6, 10, QLatin1Char('0'));
}

void runIn(Station& station, int slot)
{
    if (station.controller->board().slots().size() > 1) {
        station.choose(slot);
    } else if (station.tile(slot).look == ui::TileLook::Pass) {
        station.press(Qt::Key_F2);
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
    constexpr int kKinds = 8;
    constexpr int kTested = 6;  // the seventh slot has a serial, the eighth is empty
    constexpr int kLearned = 4; // from then on, the station knows how long a step usually takes
    for (int run = 1; run < kLearned; ++run) {
        runIn(station, 1);
    }
    for (int slot = 1; slot <= slots; ++slot) { // one by one: the first has the key
        if (slot % kKinds != 0 && slot % kKinds <= kTested) {
            runIn(station, slot);
        }
    }
    for (int slot = kTested + 1; slot <= slots; slot += kKinds) {
        station.choose(slot);
        station.type(serialOf(slot));
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

/// After a restart, the work order that was taken before.
station::WorkOrder orderBefore(const test::GalleryOptions& options, bool restart)
{
    return restart && options.isSet("order")
               ? station::WorkOrder{station::WorkOrder::Need::Optional,
                                    enrollment::BatchId{options.text("order").toStdString()}}
               : station::WorkOrder{};
}

station::SignIn signedIn(const test::GalleryOptions& options)
{
    station::SignIn signIn;
    if (options.isSet("person")) {
        const enrollment::Person person{
            enrollment::OperatorId{"ana"}, options.text("person").toStdString(), enrollment::Role::Technician, {}};
        (void)signIn.end(signIn.begin(), person, {});
    }
    return signIn;
}

Error errorOf(const QString& code)
{
    auto error = makeError(test::codeNamed(code), "for the eye");
    error.subject = "GX-000184";
    return error;
}

/// What the bar says, or why the station is stopped or degraded.
void bring(Station& station, const QString& scene)
{
    const auto& board = station.controller->board();
    const std::map<QString, std::function<ui::ScanMessage()>> messages{
        {QStringLiteral("over"), [&] { return ui::choiceOverMessage({2}, board); }},
        {QStringLiteral("reading"), [] { return ui::readingBadgeMessage(); }},
        {QStringLiteral("operator"), [] { return ui::operatorWantedMessage(); }},
        {QStringLiteral("order"), [] { return ui::orderWantedMessage(); }},
        {QStringLiteral("in-hand"), [&] { return ui::inHandMessage(enrollment::SerialNumber{"GX-000199"}, board); }},
        {QStringLiteral("left-out"), [&] { return ui::leftOutMessage({7}, board); }},
        {QStringLiteral("forgotten"), [] { return ui::forgottenMessage(); }},
        {QStringLiteral("close"), [&] { return ui::closeQuestion(board); }},
    };
    if (const auto found = messages.find(scene); found != messages.end()) {
        return station.runScreen->scanBar().show(found->second());
    }
    if (scene == QLatin1String("checking")) {
        return station.runScreen->sayChecking();
    }
    if (scene == QLatin1String("checked")) {
        return station.runScreen->sayChecked({});
    }
    if (scene == QLatin1String("keys")) {
        QTest::keyClick(station.window.get(), Qt::Key_Question, Qt::ControlModifier);
        return;
    }
    if (scene.startsWith(QLatin1String("stop:"))) {
        auto error = errorOf(scene.section(QLatin1Char(':'), 1));
        error.what = "/var/lib/enroll-station/journal.db cannot be written";
        error.source = Errno{ENOSPC};
        station.controller->stopTesting(error);
        return station.window->showCondition(ui::stationCondition(board, error, {}));
    }
    if (scene.startsWith(QLatin1String("upload:"))) {
        const auto error = errorOf(scene.section(QLatin1Char(':'), 1));
        const ui::UploadState state{error, QDateTime::currentDateTime()};
        station.window->showQueued(312);
        return station.window->showCondition(ui::stationCondition(board, std::nullopt, {state}));
    }
    const auto error = errorOf(scene);
    station.window->showCondition(ui::stationCondition(
        board, std::nullopt, {}, {}, error.code == StationCode::ScannerLost ? std::optional{error} : std::nullopt));
    station.runScreen->scanBar().show(ui::refusalMessage(error, board));
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const test::GalleryOptions options(
        QStringLiteral("1920x1080"),
        {{QStringLiteral("detail"), QStringLiteral("the slot whose detail is open"), QStringLiteral("N")},
         {QStringLiteral("page"), QStringLiteral("of slots, from 1"), QStringLiteral("N"), QStringLiteral("1")},
         {QStringLiteral("restart"), QStringLiteral("the station starts again")},
         {QStringLiteral("order"), QStringLiteral("the work order"), QStringLiteral("NUMBER")},
         {QStringLiteral("person"), QStringLiteral("who is signed in"), QStringLiteral("NAME")},
         {QStringLiteral("scene"),
          QStringLiteral("a code that the bar refuses with, stop:CODE, upload:CODE, keys, or what the bar says"),
          QStringLiteral("SCENE")},
         {QStringLiteral("f1"), QStringLiteral("the help is open")}});
    const auto slots = options.slotCount();
    const auto restart = options.isSet("restart");
    const Station* self = nullptr;
    Station station(slots,
                    [&self](const enrollment::EnrollmentOrder& order, std::stop_token stop) {
                        return deviceIn(*self, order.slot.value, std::move(stop));
                    },
                    nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, {}, {}, options.theme(),
                    station::SelfStart{enrollment::StartRule::Key}, restart ? std::make_shared<Kept>(slots) : nullptr,
                    options.viewing(), orderBefore(options, restart), {signedIn(options), nullptr});
    self = &station;
    if (options.isSet("order") && !restart) {
        test::must(station.controller->takeOrder(enrollment::BatchId{options.text("order").toStdString()}));
    }
    restart ? showAgain(station) : fill(station, slots);
    if (const auto slot = options.number("detail"); slot != 0) {
        if (slots > 1) {
            station.choose(slot);
        }
        station.press(Qt::Key_F9);
    }
    if (options.isSet("scene")) {
        bring(station, options.text("scene"));
    }
    if (options.isSet("f1")) {
        station.press(Qt::Key_F1);
    }
    for (const auto& size : options.sizes()) {
        station.window->resize(size);
        QCoreApplication::processEvents();
        station.runScreen->grid().showPage(options.number("page") - 1);
        QCoreApplication::processEvents();
        if (!station.window->grab().save(options.fileFor(size))) {
            return 1;
        }
    }
    return 0;
}
