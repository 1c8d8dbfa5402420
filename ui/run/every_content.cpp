#include "ui/run/every_content.h"

#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "ui/theme/type_scale.h"

#include <QFontMetricsF>

#include <algorithm>
#include <map>
#include <set>

namespace enroll::ui {
namespace {

using enrollment::SerialNumber;
using station::SlotState;
using std::chrono::steady_clock;

constexpr std::size_t kLongest = 24;
constexpr int kAnySize = 20;
constexpr int kAnySlot = 88; // as wide as a number gets

const SerialNumber& serial()
{
    static const SerialNumber value{"GX-000183"};
    return value;
}

TileContext contextOf(Turn turn)
{
    TileContext context{{kAnySlot}, "tcp://127.0.0.1:2321", steady_clock::now()};
    context.turn = turn;
    return context;
}

enrollment::AttestationRun runWith(Outcome outcome, std::optional<ErrorCode> code)
{
    enrollment::AttestationRun run;
    run.serialNumber = serial();
    run.device = "tcp://127.0.0.1:2321";
    run.outcome = outcome;
    run.code = code;
    run.subject = serial().text();
    return run;
}

TileContent rejectedWith(const std::string& code)
{
    auto run = runWith(Outcome::Pass, std::nullopt);
    const auto state = enrollment::RecordState::Rejected;
    run.record = enrollment::RecordSummary{
        enrollment::RegistrationId{"0"}, state, {{enrollment::DestinationName{"cloud"}, state, code, {}}}};
    return tileContent(station::SlotFinished{run}, contextOf(Turn::Later));
}

/// Codes whose finding a profile judges otherwise than the catalog does.
void addOtherOutcomes(std::vector<TileContent>& all)
{
    using Judged = std::pair<Outcome, ErrorCode>;
    for (const auto& [outcome, code] :
         {Judged{Outcome::Fail, DeviceCode::EkCertificateMissing}, Judged{Outcome::Fail, HoldCode::SerialHasOtherEk},
          Judged{Outcome::Hold, DeviceCode::SoftwareTpmRefused}}) {
        all.push_back(tileContent(station::SlotFinished{runWith(outcome, code)}, contextOf(Turn::Later)));
    }
}

void addCodes(std::vector<TileContent>& all)
{
    for (const auto& row : allCodes()) {
        if (row.verdict) {
            all.push_back(tileContent(station::SlotFinished{runWith(*row.verdict, row.code)}, contextOf(Turn::Later)));
        }
        if (row.code.family() == CodeFamily::Cloud) {
            all.push_back(rejectedWith(std::string{row.text}));
        }
    }
    all.push_back(rejectedWith({}));
}

void addSteps(std::vector<TileContent>& all)
{
    const auto now = steady_clock::now();
    for (const auto step : attestation::kAllSteps) {
        all.push_back(tileContent(station::SlotRunning{serial(), step, now, now, false}, contextOf(Turn::Later)));
    }
}

void addWaiting(std::vector<TileContent>& all)
{
    for (const auto turn : {Turn::OnlySlot, Turn::Next, Turn::Later, Turn::Choice, Turn::Insert, Turn::Device}) {
        auto context = contextOf(turn);
        context.byDevice = turn == Turn::Device;
        all.push_back(tileContent(station::SlotEmpty{}, context));
        all.push_back(tileContent(station::SlotReady{serial()}, context));
        all.push_back(tileContent(station::SlotUnknown{{serial(), utcNow()}, true}, context));
        all.push_back(tileContent(station::SlotUnknown{{serial(), utcNow()}, false}, context));
        all.push_back(tileContent(station::SlotUnknown{{std::nullopt, utcNow()}, true}, context));
        for (const auto presence : {station::Presence::Absent, station::Presence::Present}) {
            for (const auto by :
                 {station::StartBy::Answer, station::StartBy::Itself, station::StartBy::Label, station::StartBy::Key}) {
                context.presence = presence;
                context.startBy = by;
                all.push_back(tileContent(station::SlotReady{serial()}, context));
            }
        }
        context.unclear = true;
        all.push_back(tileContent(station::SlotEmpty{}, context));
        all.push_back(tileContent(station::SlotReady{serial()}, context));
        context.unclear = false;
        context.unnamed = true;
        all.push_back(tileContent(station::SlotEmpty{}, context));
        context.unfit = serial().text();
        all.push_back(tileContent(station::SlotEmpty{}, context));
        context.said = serial();
        all.push_back(tileContent(station::SlotEmpty{}, context));
        context.asksForChoice = true;
        all.push_back(tileContent(station::SlotEmpty{}, context));
        context.contested = true;
        all.push_back(tileContent(station::SlotEmpty{}, context));
        context.contested = false;
        context.asksForChoice = false;
        context.unnamed = false;
        all.push_back(tileContent(station::SlotEmpty{}, context));
        context.inHand = serial();
        all.push_back(tileContent(station::SlotEmpty{}, context));
    }
}

void addStopped(std::vector<TileContent>& all)
{
    auto context = contextOf(Turn::Later);
    context.testing = Testing::Stopped;
    all.push_back(tileContent(station::SlotEmpty{}, context));
    all.push_back(tileContent(station::SlotReady{serial()}, context));
    context = contextOf(Turn::Later);
    context.startsAgain = false;
    all.push_back(tileContent(station::SlotFinished{runWith(Outcome::Aborted, DeviceCode::Cancelled)}, context));
}

void addPasses(std::vector<TileContent>& all)
{
    auto context = contextOf(Turn::Later);
    const SlotState passed = station::SlotFinished{runWith(Outcome::Pass, std::nullopt)};
    all.push_back(tileContent(passed, context));
    all.push_back(tileContent(station::SlotFinished{runWith(Outcome::Pass, std::nullopt), false, true}, context));
    context.resultLeft = true;
    all.push_back(tileContent(passed, context));
    context.inHand = serial();
    all.push_back(tileContent(passed, context));
}

} // namespace

std::vector<TileContent> everyContent()
{
    std::vector<TileContent> all;
    addWaiting(all);
    addSteps(all);
    addPasses(all);
    addCodes(all);
    addOtherOutcomes(all);
    addStopped(all);
    return all;
}

std::vector<TileContent> longestContents()
{
    auto all = everyContent();
    const QFontMetricsF metrics(textFont(kAnySize));
    std::map<QString, double> widths; // many share an instruction, and to measure one takes long
    for (const auto& content : all) {
        if (const auto [place, isNew] = widths.try_emplace(content.instruction); isNew) {
            place->second = metrics.horizontalAdvance(content.instruction);
        }
    }
    std::ranges::sort(all, std::greater{}, [&](const TileContent& content) { return widths.at(content.instruction); });
    std::vector<TileContent> longest;
    std::set<QString> words;
    for (auto& content : all) {
        if (longest.size() < kLongest || !words.contains(content.word)) {
            words.insert(content.word);
            longest.push_back(std::move(content));
        }
    }
    return longest;
}

} // namespace enroll::ui
