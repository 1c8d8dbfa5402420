#include "ui/model/step_lines.h"

#include "ui/model/catalog_text.h"
#include "ui/model/step_names.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace enroll::ui {
namespace {

using attestation::AttestationStep;
using attestation::StepOutcome;

struct StepList {
    Q_DECLARE_TR_FUNCTIONS(StepList)
};

StepLook lookOf(StepOutcome outcome)
{
    switch (outcome) {
    case StepOutcome::Ok:
        return StepLook::Done;
    case StepOutcome::Finding:
    case StepOutcome::Failed:
        return StepLook::Deciding;
    case StepOutcome::Skipped:
        break;
    }
    return StepLook::Skipped;
}

/// What was found in the step decides nothing. An older program did not say where it found something: in such a run
/// every finding may be of every step.
bool onlyWarned(const attestation::StepRecord& step, const std::vector<attestation::Finding>& findings)
{
    using attestation::Finding;
    const auto saysWhere = [](const Finding& finding) { return finding.step.has_value(); };
    const auto older = std::ranges::none_of(findings, saysWhere);
    const auto isOfStep = [&](const Finding& finding) { return older || finding.step == step.step; };
    const auto decides = [&](const Finding& finding) {
        const auto severity = finding.severity.knownOr(attestation::Severity::Info);
        return isOfStep(finding) && severity >= attestation::Severity::Hold;
    };
    return step.outcome == StepOutcome::Finding && std::ranges::any_of(findings, isOfStep) &&
           std::ranges::none_of(findings, decides);
}

StepLook lookOf(const attestation::StepRecord& step, const enrollment::AttestationRun& run)
{
    return onlyWarned(step, run.findings) ? StepLook::Done : lookOf(step.outcome.knownOr(StepOutcome::Skipped));
}

/// How long saving took cannot stand in the run that is saved.
std::optional<std::chrono::milliseconds> timeOf(const attestation::StepRecord& step, StepLook look,
                                                std::chrono::milliseconds took)
{
    const auto measured = look != StepLook::Skipped && step.step != AttestationStep::Record;
    return measured ? std::optional{took} : std::nullopt;
}

QString timeText(StepLook look, std::optional<std::chrono::milliseconds> took)
{
    if (look == StepLook::Skipped) {
        return StepList::tr("not run");
    }
    return took ? secondsText(*took) : QString();
}

/// The name of a step; for a step that only a newer program knows, its text in the document.
QString nameOf(const Word<AttestationStep>& step)
{
    return step.known() ? stepName(*step.known()) : documentText(*step.unknownText());
}

std::vector<StepLine> linesOf(const enrollment::AttestationRun& run)
{
    std::vector<StepLine> lines;
    std::chrono::milliseconds carried{0};
    auto carriedLook = StepLook::Done;
    for (const auto& step : run.steps) {
        if (step.step == AttestationStep::Connect) {
            carried = step.duration;
            carriedLook = lookOf(step, run);
            continue;
        }
        auto look = carriedLook == StepLook::Done ? lookOf(step, run) : carriedLook;
        if (look == StepLook::Deciding && std::ranges::count(lines, StepLook::Deciding, &StepLine::look) > 0) {
            look = StepLook::Agreeing;
        }
        const auto took = timeOf(step, look, step.duration + carried);
        lines.push_back({nameOf(step.step), look, timeText(look, took), step.step, took});
        carried = {};
        carriedLook = StepLook::Done;
    }
    return lines;
}

/// The lines of all steps: Done before \p current, Waiting after it; all Waiting if it is absent.
std::vector<StepLine> linesAround(std::optional<AttestationStep> current)
{
    std::vector<StepLine> lines;
    for (const auto step : attestation::kAllSteps) {
        if (step == AttestationStep::Connect) {
            continue;
        }
        const auto distance = current ? shownStep(step) - shownStep(*current) : 1;
        const auto look = distance < 0 ? StepLook::Done : distance == 0 ? StepLook::Running : StepLook::Waiting;
        lines.push_back({stepName(step), look, {}, step});
    }
    return lines;
}

QString lookText(StepLook look)
{
    switch (look) {
    case StepLook::Waiting:
        return StepList::tr("waits");
    case StepLook::Running:
        return StepList::tr("is running");
    case StepLook::Done:
        return StepList::tr("passed");
    case StepLook::Deciding:
        return StepList::tr("decided the verdict");
    case StepLook::Agreeing:
        return StepList::tr("found it too");
    case StepLook::Skipped:
        break;
    }
    return {}; // its time shows that it was not run
}

} // namespace

std::vector<StepLine> stepLines(const station::SlotState& state)
{
    if (const auto* running = std::get_if<station::SlotRunning>(&state)) {
        return linesAround(running->step);
    }
    if (const auto* finished = std::get_if<station::SlotFinished>(&state)) {
        return linesOf(finished->run);
    }
    return linesAround(std::nullopt);
}

QString accessibleText(const StepLine& line)
{
    QStringList parts{line.name, lookText(line.look), line.time};
    parts.removeAll(QString());
    return parts.join(QLatin1String(", "));
}

} // namespace enroll::ui
