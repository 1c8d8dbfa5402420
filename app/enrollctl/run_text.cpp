#include "app/enrollctl/run_text.h"

#include "core/base/text.h"

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

std::string field(std::string_view name, std::string_view value)
{
    constexpr std::size_t kNameWidth = 17;
    if (value.empty()) {
        return {};
    }
    auto line = "  " + printableText(name); // a severity may be a word of a newer program, and longer than the column
    line.resize(std::max(kNameWidth + 2, line.size() + 1), ' ');
    return line + printableText(value) + "\n";
}

std::string verdictText(const enrollment::AttestationRun& run, const Output& output, Kept kept)
{
    std::string line = output.outcomeShown(run.outcome);
    if (run.code) {
        line += "  " + printableText(codeText(*run.code));
    }
    line += "  " + printableText(run.headline) + "\n";
    const bool isOnlyJudged = kept == Kept::Nowhere && run.outcome == Outcome::Pass;
    const auto next = isOnlyJudged ? "It is not enrolled yet: enrollctl enroll does that." : run.nextStep;
    return next.empty() ? line : line + "  " + printableText(next) + "\n";
}

std::string identityText(const enrollment::AttestationRun& run)
{
    if (!run.tpm) {
        return {};
    }
    return run.tpm->manufacturer + " " + run.tpm->vendorString + ", firmware " + run.tpm->firmware +
           (run.tpm->software ? ", software" : "");
}

/// Whether the run came to the end of the step that looks for a certificate.
bool lookedForCertificate(const enrollment::AttestationRun& run)
{
    using attestation::StepOutcome;
    const Word<attestation::AttestationStep> verification = attestation::AttestationStep::VerifyEkCertificate;
    const auto step = std::ranges::find(run.steps, verification, &attestation::StepRecord::step);
    return step != run.steps.end() && step->outcome != StepOutcome::Skipped && step->outcome != StepOutcome::Failed;
}

std::string certificateText(const enrollment::AttestationRun& run)
{
    if (!run.endorsementKey) {
        return {};
    }
    const auto& certificate = run.endorsementKey->certificate;
    if (certificate) {
        return std::string{pathResultText(certificate->path)} + ", issued by " + certificate->issuer;
    }
    return lookedForCertificate(run) ? "none" : "not read";
}

/// Who made the TPM, by its certificate: "id:49465800, SLB9670, id:0007".
std::string certifiedText(const enrollment::AttestationRun& run)
{
    if (!run.endorsementKey || !run.endorsementKey->certificate) {
        return {};
    }
    const auto& certificate = *run.endorsementKey->certificate;
    std::vector<std::string> parts;
    for (const auto& [name, value] : {std::pair{"", certificate.manufacturer}, std::pair{"model ", certificate.model},
                                      std::pair{"version ", certificate.version}}) {
        if (value) {
            parts.push_back(name + *value);
        }
    }
    return joined(parts);
}

std::string costText(const enrollment::AttestationRun& run)
{
    const auto busyMs = std::chrono::duration_cast<std::chrono::milliseconds>(run.traffic.busy).count();
    return std::to_string(run.duration.count()) + " ms; " + std::to_string(run.traffic.commands) +
           " TPM commands kept the TPM busy for " + std::to_string(busyMs) + " ms";
}

std::string findingsText(const enrollment::AttestationRun& run)
{
    std::string text;
    for (const auto& finding : run.findings) {
        text += field(severityText(finding.severity), std::string{finding.id}.append(": ").append(finding.text));
    }
    return text;
}

std::string recordText(const enrollment::AttestationRun& run)
{
    std::string text;
    if (run.record) {
        for (const auto& state : run.record->destinations) {
            const bool open = state.state == enrollment::RecordState::Sent;
            text += field("destination", state.destination.text() + ": " + std::string{recordStateText(state.state)} +
                                             (open ? ", no answer yet" : "") +
                                             (state.code.empty() ? "" : " " + state.code + " " + state.reason) +
                                             setAsideText(state));
        }
    }
    return text;
}

/// What the code alone does not tell: "connect: Connection refused". Its instruction may speak of "the character that is
/// named", and with --quiet nothing else names it.
std::string failedStepText(const enrollment::AttestationRun& run)
{
    std::string text;
    for (const auto& step : run.steps) {
        if (step.outcome == attestation::StepOutcome::Failed) {
            const std::string name{stepText(step.step)};
            text += field("failed step", step.detail.empty() ? name : name + ": " + step.detail);
        }
    }
    return text;
}

/// When, where and by whom the device was tested; what is not known of it is left out.
std::string circumstancesText(const enrollment::AttestationRun& run)
{
    const bool hasSlot = run.slot != enrollment::SlotNumber{};
    return field("started", run.startedAt == UtcTime{} ? "" : toIso8601(run.startedAt)) +
           field("station", run.stationId.text()) + field("slot", hasSlot ? std::to_string(run.slot.value) : "") +
           field("device", run.device) + field("batch", run.batch.text()) + field("operator", run.operatorId.text());
}

} // namespace

std::string runText(const enrollment::AttestationRun& run, const Output& output, Kept kept)
{
    return verdictText(run, output, kept) + failedStepText(run) + findingsText(run) +
           field("serial number", run.serialNumber.text()) +
           field("registration id", run.registrationId ? run.registrationId->text() : "") +
           field("TPM", identityText(run)) + field("EK certificate", certificateText(run)) +
           field("certified TPM", certifiedText(run)) + recordText(run) + circumstancesText(run) +
           field("run", kept == Kept::Nowhere ? "not recorded (enroll records it)" : run.runId.text()) +
           field("took", costText(run));
}

std::string setAsideText(const enrollment::DestinationState& state)
{
    if (!state.setAside) {
        return {};
    }
    const auto& [at, by, reason] = *state.setAside;
    return ", set aside at " + toIso8601(at) + " by " + by + ": " + reason;
}

std::string notUnderstoodText(const db::documents::NotUnderstood& notUnderstood)
{
    if (notUnderstood.empty()) {
        return {};
    }
    std::string text = "  written by a newer program; this one does not know:\n";
    for (const auto& place : notUnderstood.places) {
        text += "    " + printableText(place) + "\n";
    }
    return text + "  Nothing of it is lost: --json shows the whole document.\n";
}

} // namespace enroll::app::enrollctl
