#include "ui/run/step_progress.h"

#include "ui/model/catalog_text.h"
#include "ui/model/step_names.h"

#include <QCoreApplication>

#include <algorithm>

namespace enroll::ui {
namespace {

using attestation::AttestationStep;
using std::chrono::milliseconds;

// A step that takes this many times its usual time is called slow, so that nobody takes the station for frozen.
constexpr int kSlowFactor = 3;
// A shorter run is over before anybody has read how long it usually takes.
constexpr milliseconds kLeastRun{10'000};
// Below a second a "usual" time is noise, and the step is over before it is read.
constexpr milliseconds kLeastUsual{1000};

struct Tile {
    Q_DECLARE_TR_FUNCTIONS(SlotTile)
};

milliseconds since(std::chrono::steady_clock::time_point start, std::chrono::steady_clock::time_point now)
{
    return std::chrono::duration_cast<milliseconds>(std::max(now, start) - start);
}

std::optional<milliseconds> usualStep(const TileContext& context, AttestationStep step)
{
    return context.usual == nullptr ? std::nullopt : context.usual->step(step);
}

std::chrono::seconds wholeSeconds(milliseconds time)
{
    return std::chrono::round<std::chrono::seconds>(time);
}

QString shownSeconds(std::chrono::seconds time)
{
    return Tile::tr("%1 s").arg(time.count());
}

StepPace paceOf(const station::SlotRunning& state, milliseconds elapsed, std::optional<milliseconds> usual)
{
    if (state.stopAsked) {
        return StepPace::Stopping;
    }
    if (!usual || *usual < kLeastUsual) {
        return StepPace::Unmeasured;
    }
    return elapsed > kSlowFactor * *usual ? StepPace::Slow : StepPace::Usual;
}

std::optional<double> fractionOf(milliseconds elapsed, std::optional<milliseconds> usual)
{
    // The last twentieth stays open: a bar that is full before the step ends says something untrue.
    constexpr double kMost = 0.95;
    if (!usual || *usual < kLeastUsual) {
        return std::nullopt;
    }
    return std::min(kMost, static_cast<double>(elapsed.count()) / static_cast<double>(usual->count()));
}

} // namespace

StepProgress progressOf(const station::SlotRunning& state, const TileContext& context)
{
    const auto elapsed = since(state.stepStartedAt, context.now);
    const auto usual = usualStep(context, state.step);
    return {shownStep(state.step),
            kShownSteps,
            paceOf(state, elapsed, usual),
            wholeSeconds(elapsed),
            wholeSeconds(usual.value_or(milliseconds{0})),
            fractionOf(elapsed, usual)};
}

QString paceText(const StepProgress& progress)
{
    switch (progress.pace) {
    case StepPace::Unmeasured:
        break;
    case StepPace::Usual:
        return Tile::tr("%1 of about %2").arg(shownSeconds(progress.elapsed), shownSeconds(progress.usual));
    case StepPace::Slow:
        return Tile::tr("Taking longer: %1, usually %2")
            .arg(shownSeconds(progress.elapsed), shownSeconds(progress.usual));
    case StepPace::Stopping:
        return Tile::tr("Stopping.");
    }
    return shownSeconds(progress.elapsed);
}

QString runTimeText(const station::SlotRunning& state, const TileContext& context)
{
    const auto elapsed = since(state.startedAt, context.now);
    const auto whole = context.usual == nullptr ? std::nullopt : context.usual->whole();
    if (!whole || *whole < kLeastRun) {
        return clockText(elapsed);
    }
    return Tile::tr("%1 of %2").arg(clockText(elapsed), clockText(*whole));
}

} // namespace enroll::ui
