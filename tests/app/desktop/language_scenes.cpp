#include "tests/app/desktop/language_scenes.h"

#include "app/desktop/refusal_box.h"
#include "app/desktop/screen_language.h"
#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/support/code_text.h"
#include "tests/support/screen_texts.h"
#include "tests/ui/run/tile_samples.h"
#include "tests/ui/station_window.h"
#include "ui/card/command_card.h"
#include "ui/model/step_names.h"
#include "ui/run/run_screen.h"
#include "ui/run/scan_messages.h"
#include "ui/run/slot_side_panel.h"
#include "ui/shell/app_bar.h"

#include <QFile>
#include <QLabel>
#include <QProcess>
#include <QTemporaryDir>

namespace enroll::test {
namespace {

using namespace std::chrono_literals;
using namespace ui;
using attestation::AttestationStep;
using attestation::StepOutcome;
using enrollment::RecordState;
using enrollment::SerialNumber;

constexpr auto kDensities = {Density::One, Density::Two, Density::Four, Density::Eight, Density::Sixteen};
constexpr auto kOutcomes = {Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::StationFault, Outcome::Aborted};
const QSize kScreen(1920, 1080);

// Words of the runs and stations that the scenes are made of.
const QStringList kKnown{QStringLiteral("GX-"), QStringLiteral("ST-07"), QStringLiteral("IFX SLB9670"),
                         QStringLiteral("tcp://"), QStringLiteral("cloud")};

const Theme& theme()
{
    static const Theme value{ThemeChoice::Light, {}};
    return value;
}

void lookAtTile(Eyes& eyes, const TileContent& content, const QString& scene)
{
    SlotTile tile({3}, theme());
    tile.resize(1240, 860);
    tile.show(content);
    for (const auto density : kDensities) {
        tile.setDensity(density);
        eyes.look(tile, scene, kKnown);
    }
}

TileContext contextAt(std::chrono::steady_clock::time_point now, const station::UsualDurations* usual = nullptr)
{
    return {{3}, "tcp://10.7.3.18:2321", now, usual};
}

/// A run whose every step took 12 seconds.
enrollment::AttestationRun longRun()
{
    auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
    run.duration = 84s;
    for (const auto step : attestation::kAllSteps) {
        run.steps.push_back({step, StepOutcome::Ok, 12s, {}});
    }
    return run;
}

void showRunningTiles(Eyes& eyes)
{
    const auto now = std::chrono::steady_clock::now();
    station::UsualDurations usual;
    for (int i = 0; i < 5; ++i) {
        usual.learn(longRun());
    }
    for (const auto step : attestation::kAllSteps) {
        for (const auto elapsed : {2s, 100s}) {
            for (const auto* known : {static_cast<const station::UsualDurations*>(nullptr), &std::as_const(usual)}) {
                const station::SlotRunning running{SerialNumber{"GX-000184"}, step, now - elapsed, now - elapsed,
                                                   false};
                lookAtTile(eyes, tileContent(running, contextAt(now, known)), stepName(step));
            }
        }
    }
    const station::SlotRunning stopping{SerialNumber{"GX-000184"}, AttestationStep::Connect, now, now, true};
    lookAtTile(eyes, tileContent(stopping, contextAt(now)), QStringLiteral("stopping"));
}

std::vector<enrollment::RecordSummary> everyRecord()
{
    return {recordIn(RecordState::Queued),
            recordIn(RecordState::Sent),
            recordIn(RecordState::Accepted),
            recordIn(RecordState::Rejected),
            recordIn(RecordState::Rejected, "U-409"),
            recordIn(RecordState::Rejected, "U-999"),
            recordIn(RecordState::SetAside, "U-410")};
}

void lookAtPanel(Eyes& eyes, const station::SlotState& state,
                 const std::optional<enrollment::RecordSummary>& record = {})
{
    SlotSidePanel panel(theme());
    panel.resize(629, 866);
    panel.show(state, record, "tcp://10.7.3.18:2321");
    eyes.look(panel, QStringLiteral("side panel"), kKnown);
}

Error errorOf(ErrorCode code, const char* subject = "GX-000118")
{
    auto error = makeError(code, "1.2.3");
    error.subject = subject;
    return error;
}

/// A device that a person would judge as \p error says.
station::DeviceTpmFactory deviceThatFails(const Error& error)
{
    return [error](const enrollment::EnrollmentOrder&, const std::stop_token&) -> Result<Device> {
        auto tpm = std::make_unique<FakeDeviceTpm>(workedKeys());
        tpm->failOn(TpmCall::Connect, error);
        return Device{std::move(tpm)};
    };
}

bool waitFor(const std::function<bool()>& condition)
{
    return QTest::qWaitFor(condition, kPatience);
}

void look(Eyes& eyes, Station& station)
{
    station.window->resize(kScreen);
    const auto name = QStringLiteral("GX-%1").arg(1, 6, 10, QLatin1Char('0'));
    eyes.look(*station.window, QStringLiteral("window after: ") + station.message().headline,
              kKnown + QStringList{name});
}

void showTiles(Eyes& eyes)
{
    const auto now = std::chrono::steady_clock::now();
    for (const auto& state : sampleStates(now)) {
        for (const auto testing : {Testing::Allowed, Testing::Stopped}) {
            auto context = contextAt(now);
            context.testing = testing;
            lookAtTile(eyes, tileContent(state, context), QStringLiteral("sample state"));
            for (const auto turn : {Turn::Next, Turn::Later, Turn::Choice, Turn::Insert}) {
                context.turn = turn;
                lookAtTile(eyes, tileContent(state, context), QStringLiteral("turn"));
            }
            context.presence = station::Presence::Present;
            context.resultLeft = true;
            lookAtTile(eyes, tileContent(state, context), QStringLiteral("device out"));
            context.inHand = SerialNumber{"GX-000001"};
            lookAtTile(eyes, tileContent(state, context), QStringLiteral("serial in hand"));
            context.unnamed = true;
            lookAtTile(eyes, tileContent(state, context), QStringLiteral("device in its slot"));
            context.turn = Turn::Next;
            lookAtTile(eyes, tileContent(state, context), QStringLiteral("chosen device"));
        }
    }
    for (const auto& row : allCodes()) {
        for (const auto outcome : kOutcomes) {
            const auto run = sampleRun(outcome, row.code, "GX-000185");
            lookAtTile(eyes, tileContent(station::SlotFinished{run}, contextAt(now)), textOf(row.code));
        }
    }
    for (const auto& record : everyRecord()) {
        auto context = contextAt(now);
        context.record = record;
        const auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
        lookAtTile(eyes, tileContent(station::SlotFinished{run}, context), QStringLiteral("record"));
    }
    auto quick = sampleRun(Outcome::Pass, std::nullopt, "GX-000183");
    quick.duration = 40ms;
    lookAtTile(eyes, tileContent(station::SlotFinished{quick}, contextAt(now)), QStringLiteral("quick run"));
    lookAtTile(eyes, tileContent(station::SlotFinished{longRun()}, contextAt(now)), QStringLiteral("long run"));
    showRunningTiles(eyes);
}

void showSidePanels(Eyes& eyes)
{
    for (const auto& state : sampleStates(std::chrono::steady_clock::now())) {
        lookAtPanel(eyes, state);
    }
    for (const auto& record : everyRecord()) {
        lookAtPanel(eyes, station::SlotFinished{longRun()}, record);
    }
    auto run = sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000185");
    run.endorsementKey.emplace();
    run.endorsementKey->sha256 = Bytes(32, std::byte{0x12});
    for (const auto outcome : {StepOutcome::Ok, StepOutcome::Finding, StepOutcome::Failed, StepOutcome::Skipped}) {
        run.steps.clear();
        for (const auto step : attestation::kAllSteps) {
            run.steps.push_back({step, outcome, 20ms, {}});
        }
        lookAtPanel(eyes, station::SlotFinished{run});
    }
}

void showHeaders(Eyes& eyes)
{
    AppBar header(theme());
    header.resize(kScreen.width(), 72);
    AppBarContent content;
    content.station = QStringLiteral("ST-07");
    content.clock = QStringLiteral("14:05");
    for (const auto software : {SoftwareTpms::Refused, SoftwareTpms::Allowed}) {
        for (const auto& number : {std::optional<int>{}, std::optional{1}, std::optional{2}, std::optional{5}}) {
            content.caption =
                RunScreen::captionOf({.station = {}, .line = {}, .profile = {}, .softwareTpms = software}, number);
            content.queued = number;
            header.show(content);
            eyes.look(header, QStringLiteral("header"), kKnown);
        }
    }
    content = {};
    const station::SlotBoard empty({{1}, {2}});
    station::SlotBoard faulty({{1}, {2}});
    const auto fault = sampleRun(Outcome::StationFault, StationCode::StationCannotReachPort, "GX-000187");
    faulty.apply({1}, station::SerialBound{SerialNumber{"GX-000187"}});
    faulty.apply({1}, station::RunStarted{});
    faulty.apply({1}, station::RunFinished{fault});
    const auto lookAt = [&](const StationCondition& condition) {
        content.condition = condition;
        header.show(content);
        eyes.look(header, QStringLiteral("condition"));
    };
    lookAt(stationCondition(faulty, std::nullopt, {}));
    for (const int days : {0, 1, 2, 5}) {
        lookAt(stationCondition(empty, std::nullopt, {}, days));
    }
    for (const auto& row : allCodes()) {
        const UploadState upload{errorOf(row.code, "1"), QDateTime::currentDateTime()};
        lookAt(stationCondition(empty, std::nullopt, {upload}));
        const UploadState waiting{upload.trouble, upload.troubleSince, upload.troubleSince.addSecs(3600)};
        lookAt(stationCondition(empty, std::nullopt, {waiting}));
        lookAt(stationCondition(empty, errorOf(row.code, "1"), {}));
    }
    ShiftCounters counters(theme());
    counters.resize(600, 120);
    for (const auto& count : {std::optional<ShiftCount>{}, std::optional{ShiftCount{3, 1, 0, 0.75}}}) {
        counters.show(count);
        eyes.look(counters, QStringLiteral("counters"));
    }
}

void showStationStops(Eyes& eyes)
{
    for (const auto& row : allCodes()) {
        for (const auto* subject : {"", "GX-000118"}) {
            StationStop stop(theme());
            stop.show(errorOf(row.code, subject));
            stop.resize(kScreen.width(), 144);
            eyes.look(stop, textOf(row.code), kKnown);
        }
    }
}

void showDialogs(Eyes& eyes)
{
    for (const auto& row : allCodes()) {
        auto error = errorOf(row.code);
        error.what = "station.toml:3: journal.directory is empty";
        app::desktop::RefusalBox box(error);
        box.setWindowTitle(app::desktop::productName());
        // The one line that is English in every language: it goes to IT, and may be broken at any blank.
        eyes.look(box, QStringLiteral("refusal"), kKnown + QString::fromStdString(error.what).split(QLatin1Char(' ')));
    }
}

void showManySlots(Eyes& eyes)
{
    Station station(16, stallingDevice);
    auto& screen = *station.runScreen;
    const auto after = [&](const auto& act) {
        act();
        look(eyes, station);
    };
    look(eyes, station);
    after([&] { screen.startAllReady(); });
    after([&] { screen.stopSelectedSlot(); });
    after([&] { screen.chooseSlot(); });
    after([&] { QTest::keyClick(&screen, Qt::Key_1); });
    waitFor([&] { return station.tells(ScanNews::OneMoreDigit, 1); });
    look(eyes, station);
    after([&] { screen.cancel(); });
    after([&] { station.choose(2); });
    after([&] { station.type(QStringLiteral("4006381333931")); });
    after([&] { station.type(QStringLiteral("GX-000001")); });
    after([&] { station.choose(2); });
    after([&] { station.type(QStringLiteral("GX-000002")); });
    after([&] { station.choose(3); });
    after([&] { station.type(QStringLiteral("GX-000002")); });
    after([&] { screen.startAllReady(); });
    after([&] { station.type(QStringLiteral("GX-000003")); });
    after([&] { station.type(QStringLiteral("GX-000004")); });
    after([&] { screen.startAllReady(); });
    after([&] { station.choose(2); });
    after([&] { screen.stopSelectedSlot(); });
    after([&] { screen.stopSelectedSlot(); });
    waitFor([&] { return station.tile(2).look == TileLook::Stopped; });
    after([&] { station.choose(2); });
    after([&] { screen.grid().tile({9})->press(); });
    after([&] { station.type(QStringLiteral("GX-000009")); });
    after([&] { screen.grid().tile({9})->press(); });
    after([&] { screen.grid().tile({9})->press(); });
    after([&] { station.controller->stopTesting(errorOf(StationCode::JournalCannotSave)); });
    after([&] { station.controller->allowTesting(); });
    after([&] { station.window->close(); });
    waitFor([&] { return station.controller->idle(); });
}

void showStopping(Eyes& eyes)
{
    Station station(2, {}, std::make_shared<std::latch>(1));
    auto& screen = *station.runScreen;
    station.choose(9);
    look(eyes, station);
    station.type(QStringLiteral("GX-000001"));
    screen.startAllReady();
    waitFor([&] { return station.tile(1).progress && station.tile(1).progress->current == kShownSteps; });
    screen.stopSelectedSlot();
    look(eyes, station);
    station.openGate();
    waitFor([&] { return station.tile(1).look == TileLook::Pass; });
    look(eyes, station);
}

void showOnlySlot(Eyes& eyes)
{
    {
        Station station(1);
        look(eyes, station);
        station.type(QStringLiteral("GX-000001"));
        look(eyes, station);
        station.runScreen->startAllReady();
        look(eyes, station);
        waitFor([&] { return station.tile(1).look == TileLook::Pass; });
        look(eyes, station);
    }
    for (const auto code : {ErrorCode{DeviceCode::Cancelled}, ErrorCode{StationCode::StationCannotReachPort},
                            ErrorCode{DeviceCode::NoTpmAnswers}}) {
        Station station(1, deviceThatFails(errorOf(code)));
        station.type(QStringLiteral("GX-000001"));
        station.runScreen->startAllReady();
        waitFor([&] { return station.controller->idle() && !station.tile(1).progress; });
        look(eyes, station);
    }
}

void showResultsThatStay(Eyes& eyes)
{
    Station station(2, deviceThatFails(errorOf(DeviceCode::NoTpmAnswers)));
    station.fillAll();
    station.runScreen->startAllReady();
    waitFor([&] { return station.tile(1).look == TileLook::Fail && station.tile(2).look == TileLook::Fail; });
    station.runScreen->cancel();
    look(eyes, station);
    station.type(QStringLiteral("GX-000003"));
    look(eyes, station);
    station.type(QStringLiteral("GX-000002"));
    look(eyes, station);
    station.choose(2);
    waitFor([&] { return station.tells(ScanNews::Selected, 2); });
    look(eyes, station);
}

/// By the command card: what F8 does, and what a command says that nobody can obey.
void showCommands(Eyes& eyes)
{
    using Command = enroll::station::Command;
    Station station(2, deviceThatFails(errorOf(DeviceCode::NoTpmAnswers)));
    station.scan(Command::Start);
    look(eyes, station);
    station.scan(Command::Acknowledge);
    look(eyes, station);
    station.type(QStringLiteral("GX-000001"));
    station.scan(Command::StartAll);
    waitFor([&] { return station.tile(1).look == TileLook::Fail; });
    station.choose(1);
    look(eyes, station);
    station.scan(Command::Acknowledge);
    look(eyes, station);
    Station passing(2);
    passing.type(QStringLiteral("GX-000001"));
    passing.scan(Command::StartAll);
    waitFor([&] { return passing.tile(1).look == TileLook::Pass; });
    passing.choose(1);
    look(eyes, passing);
}

/// The card is read as its print is: from the PDF.
void showCommandCard(Eyes& eyes)
{
    const QTemporaryDir directory;
    QFile file(directory.filePath(QStringLiteral("card.pdf")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    CommandCard card;
    card.station.station = QStringLiteral("ST-07");
    card.commands = must(enroll::station::CommandCodes::of(enrollment::StationId{"ST-07"}));
    card.slots = {{1}, {2}};
    file.write(commandCardPdf(card));
    file.close();
    QProcess reader;
    reader.start(QStringLiteral("pdftotext"), {file.fileName(), QStringLiteral("-")});
    QVERIFY(reader.waitForFinished(kPatience) && reader.exitCode() == 0);
    const auto text = QString::fromUtf8(reader.readAllStandardOutput());
    QVERIFY(text.contains(QLatin1String("07"))); // the font's dash between capitals has no name in a PDF
    QLabel print(text);
    print.resize(kScreen);
    eyes.look(print, QStringLiteral("command card"), kKnown + QStringList{QStringLiteral("ST")});
}

void showSlotThenSerial(Eyes& eyes)
{
    Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::SlotThenSerial);
    look(eyes, station);
    station.type(QStringLiteral("GX-000001"));
    look(eyes, station);
    station.choose(1);
    station.type(QStringLiteral("GX-000001"));
    station.choose(1);
    look(eyes, station);
    station.press(Qt::Key_F7);
    look(eyes, station);
    station.choose(1);
    station.type(QStringLiteral("GX-000001"));
    station.runScreen->startAllReady();
    look(eyes, station);
    station.choose(1);
    station.type(QStringLiteral("GX-000002"));
    look(eyes, station);
}

void showInsert(Eyes& eyes)
{
    Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::Insert);
    look(eyes, station);
    station.type(QStringLiteral("GX-000001"));
    look(eyes, station);
    enroll::station::SlotBoard board({{1}, {2}}, enrollment::PairingRule::Insert);
    using What = enroll::station::SlotNews::What;
    for (const auto what : {What::Bound, What::BackInHand, What::Dropped, What::Unnamed, What::Misplaced}) {
        const enroll::station::SlotNews news{what, {1}, SerialNumber{"GX-000001"}, enrollment::SlotNumber{2}};
        for (const auto& slots : {board, enroll::station::SlotBoard({{1}}, enrollment::PairingRule::Insert)}) {
            station.runScreen->scanBar().show(newsMessage(news, slots));
            look(eyes, station);
        }
    }
    QVERIFY(board.bind(SerialNumber{"GX-000001"}, {}).ok());
    station.runScreen->scanBar().show(startedMessage(QString(), board));
    look(eyes, station);
    enrollment::AttestationRun run;
    run.outcome = Outcome::Fail;
    station.runScreen->scanBar().show(resultMessage(run, board));
    look(eyes, station);
}

constexpr std::array kScenes{
    LanguageScene{"tiles", showTiles},
    LanguageScene{"side panels", showSidePanels},
    LanguageScene{"headers", showHeaders},
    LanguageScene{"station stops", showStationStops},
    LanguageScene{"dialogs", showDialogs},
    LanguageScene{"command card", showCommandCard},
    LanguageScene{"commands", showCommands},
    // The Run screen of many slots and of one, with everything that its message says.
    LanguageScene{"many slots", showManySlots},
    LanguageScene{"two slots", showStopping},
    LanguageScene{"results that stay", showResultsThatStay},
    LanguageScene{"slot, then serial", showSlotThenSerial},
    LanguageScene{"insert", showInsert},
    LanguageScene{"only slot", showOnlySlot},
};

} // namespace

void Eyes::look(QWidget& widget, const QString& scene, const QStringList& known)
{
    for (const auto& text : untranslated(visibleTexts(widget), known)) {
        m_faults << QString(scene + QLatin1String(": ") + text);
    }
    m_faults.removeDuplicates();
}

std::span<const LanguageScene> languageScenes()
{
    return kScenes;
}

} // namespace enroll::test
