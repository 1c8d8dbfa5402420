#include "ui/model/step_lines.h"

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

/// True if the step has findings and none of them decides the verdict. A step's detail lists the ids of its findings.
bool onlyWarned(const attestation::StepRecord& step, const std::vector<attestation::Finding>& findings)
{
    using attestation::Severity;
    const auto named = QString::fromStdString(step.detail).split(QStringLiteral(", "));
    const auto names = [&named](const attestation::Finding& finding) {
        return named.contains(QString::fromStdString(finding.id));
    };
    const auto decides = [&names](const attestation::Finding& finding) {
        const auto decisive = finding.severity == Severity::Hold || finding.severity == Severity::Fail;
        return decisive && names(finding);
    };
    return step.outcome == StepOutcome::Finding && std::ranges::any_of(findings, names) &&
           std::ranges::none_of(findings, decides);
}

StepLook lookOf(const attestation::StepRecord& step, const enrollment::AttestationRun& run)
{
    return onlyWarned(step, run.findings) ? StepLook::Done : lookOf(step.outcome.knownOr(StepOutcome::Skipped));
}

/// The time to show for a step. Empty for Record: that step saves the run, which therefore cannot hold its duration.
QString timeOf(const attestation::StepRecord& step, StepLook look, std::chrono::milliseconds took)
{
    if (look == StepLook::Skipped) {
        return StepList::tr("not run");
    }
    return step.step == AttestationStep::Record ? QString() : secondsText(took);
}

/// The name of a step; for a step that only a newer program knows, its text in the document.
QString nameOf(const Word<AttestationStep>& step)
{
    return step.known() ? stepName(*step.known()) : QString::fromStdString(*step.unknownText());
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
        lines.push_back({nameOf(step.step), look, timeOf(step, look, step.duration + carried)});
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
        lines.push_back({stepName(step), look, {}});
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
