#include "tests/app/desktop/language_scenes.h"

#include "app/desktop/refusal_box.h"
#include "app/desktop/screen_language.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/app/desktop/announced_scenes.h"
#include "tests/app/desktop/detail_scenes.h"
#include "tests/app/desktop/restart_scenes.h"
#include "tests/app/desktop/ruler_scenes.h"
#include "tests/app/desktop/sign_in_scenes.h"
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
#include <QPushButton>
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
void lookAtTile(Eyes& eyes, const TileContent& content, const QString& scene)
{
    SlotTile tile({3}, sceneTheme());
    tile.resize(1240, 860);
    tile.show(content);
    for (const auto density : kDensities) {
        tile.setForm(density);
        eyes.look(tile, scene, knownWords());
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
    SlotSidePanel panel(sceneTheme());
    panel.resize(629, 866);
    panel.show(state, record, "tcp://10.7.3.18:2321");
    eyes.look(panel, QStringLiteral("side panel"), knownWords());
}

void showFreeTiles(Eyes& eyes, std::chrono::steady_clock::time_point now)
{
    auto context = contextAt(now);
    for (const bool senses : {false, true}) {
        for (const auto presence : {station::Presence::NotSensed, station::Presence::Absent}) {
            context.senses = senses;
            context.presence = presence;
            lookAtTile(eyes, tileContent(station::SlotEmpty{}, context), QStringLiteral("free slot"));
        }
    }
}

void showTiles(Eyes& eyes)
{
    const auto now = std::chrono::steady_clock::now();
    showFreeTiles(eyes, now);
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

station::SignIn signedIn(enrollment::Role role)
{
    station::SignIn signIn;
    (void)signIn.end(signIn.begin(), enrollment::Person{enrollment::OperatorId{"ana"}, "Ana M.", role, {}}, {});
    return signIn;
}

void showHeaders(Eyes& eyes)
{
    AppBar header(sceneTheme());
    header.resize(kSceneSize.width(), 72);
    AppBarContent content;
    content.station = QStringLiteral("ST-07");
    content.clock = QStringLiteral("14:05");
    for (const auto software : {SoftwareTpms::Refused, SoftwareTpms::Allowed}) {
        for (const auto& number : {std::optional<int>{}, std::optional{1}, std::optional{2}, std::optional{5}}) {
            const station::WorkOrder order{station::WorkOrder::Need::Optional, enrollment::BatchId{"WO-4711"}};
            content.caption = runCaption({.station = {}, .line = {}, .profile = {}, .softwareTpms = software}, order,
                                         signedIn(enrollment::Role::Technician),
                                         number ? std::optional{DevicesTested{*number, {}, *number}} : std::nullopt);
            content.queued = number;
            header.show(content);
            eyes.look(header, QStringLiteral("header"), knownWords());
        }
    }
    for (const auto& [word, role] : enrollment::kRoleWords) {
        for (const int number : {1, 7}) {
            content.caption = runCaption({}, station::WorkOrder{}, signedIn(role), DevicesTested{number, utcNow(), 8});
            header.show(content);
            eyes.look(header, QStringLiteral("header"), knownWords());
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
    station::SlotBoard lost({{1}, {2}, {3}});
    for (const auto slot : lost.slots()) {
        lost.apply(slot, station::SerialBound{SerialNumber{"GX-000187"}});
        lost.apply(slot, station::RunStarted{});
        lost.apply(slot, station::RunFinished{sampleRun(Outcome::Fail, DeviceCode::TpmTimedOut, "GX-000187")});
    }
    lookAt(stationCondition(lost, std::nullopt, {}));
    station::SlotBoard forgotten({{1}, {2}});
    forgotten.apply({1}, station::TestKept{{std::nullopt, utcNow()}});
    lookAt(stationCondition(forgotten, std::nullopt, {}));
    lookAt(stationCondition(empty, std::nullopt, {}, {.missing = true}));
    for (const int days : {0, 1, 2, 5}) {
        lookAt(stationCondition(empty, std::nullopt, {}, {.days = days}));
    }
    for (const auto& row : allCodes()) {
        const UploadState upload{sceneError(row.code, "1"), QDateTime::currentDateTime()};
        lookAt(stationCondition(empty, std::nullopt, {upload}));
        const UploadState waiting{upload.trouble, upload.troubleSince, upload.troubleSince.addSecs(3600)};
        lookAt(stationCondition(empty, std::nullopt, {waiting}));
        lookAt(stationCondition(empty, sceneError(row.code, "1"), {}));
    }
    ShiftCounters counters(sceneTheme());
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
            StationStop stop(sceneTheme());
            const auto error = sceneError(row.code, subject);
            stop.show(error);
            stop.resize(kSceneSize.width(), stop.height());
            // What IT is to read is that of the log, and English in every language.
            const auto details = QString::fromStdString(describeForLog(error)).section(QLatin1Char(' '), 1);
            eyes.look(stop, textOf(row.code), QStringList{details} + knownWords());
        }
    }
}

void showDialogs(Eyes& eyes)
{
    for (const auto& row : allCodes()) {
        auto error = sceneError(row.code);
        error.what = "station.toml:3: journal.directory is empty";
        app::desktop::RefusalBox box(error);
        box.setWindowTitle(app::desktop::productName());
        // The one line that is English in every language: it goes to IT, and may be broken at any blank.
        eyes.look(box, QStringLiteral("refusal"),
                  knownWords() + QString::fromStdString(describeForLog(error)).split(QLatin1Char(' ')));
    }
    const QTemporaryDir room;
    const auto name = QStringLiteral("station.toml");
    const auto file = room.filePath(name);
    // A line may be broken behind the directory.
    const QStringList path{QStringLiteral("missing"), file, room.path() + QLatin1Char('/'), name};
    auto error = sceneError(StationCode::ConfigurationInvalid);
    error.what = "missing";
    app::desktop::RefusalBox box(error);
    box.setWindowTitle(app::desktop::productName());
    box.offerSample(file.toStdString());
    for (int round = 0; round < 2; ++round) { // before it writes, and after
        eyes.look(box, QStringLiteral("sample"), knownWords() + path);
        for (auto* button : box.findChildren<QPushButton*>()) {
            if (box.buttonRole(button) == QMessageBox::ActionRole) {
                button->click();
            }
        }
    }
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
    print.resize(kSceneSize);
    eyes.look(print, QStringLiteral("command card"), knownWords() + QStringList{QStringLiteral("ST")});
}

constexpr std::array kScenes{
    LanguageScene{"tiles", showTiles},
    LanguageScene{"side panels", showSidePanels},
    LanguageScene{"details", showDetails},
    LanguageScene{"help", showHelp},
    LanguageScene{"headers", showHeaders},
    LanguageScene{"station stops", showStationStops},
    LanguageScene{"dialogs", showDialogs},
    LanguageScene{"command card", showCommandCard},
    LanguageScene{"after a restart", showAfterRestart},
    LanguageScene{"devices that say their serials", showDevicesThatSay},
    LanguageScene{"journal not searched", showUnsearched},
    LanguageScene{"sign-in screen", showSignInScreen},
    LanguageScene{"page of the ruler", showRuler},
};

} // namespace

Error sceneError(ErrorCode code, const char* subject)
{
    auto error = makeError(code, "1.2.3");
    error.subject = subject;
    return error;
}

const QStringList& knownWords()
{
    static const QStringList words{QStringLiteral("GX-"),    QStringLiteral("ST-07"), QStringLiteral("IFX SLB9670"),
                                   QStringLiteral("tcp://"), QStringLiteral("cloud"), QStringLiteral("WO-47"),
                                   QStringLiteral("Ana M.")};
    return words;
}

const Theme& sceneTheme()
{
    static const Theme value{ThemeChoice::Light, {}};
    return value;
}

void Eyes::look(QWidget& widget, const QString& scene, const QStringList& known)
{
    for (const auto& text : untranslated(visibleTexts(widget), known)) {
        m_faults << QString(scene + QLatin1String(": ") + text);
    }
    m_faults.removeDuplicates();
}

std::span<const LanguageScene> languageScenes()
{
    static const auto all = [] {
        std::vector<LanguageScene> scenes(kScenes.begin(), kScenes.end());
        std::ranges::copy(runScreenScenes(), std::back_inserter(scenes));
        return scenes;
    }();
    return all;
}

} // namespace enroll::test
