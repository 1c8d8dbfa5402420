#pragma once

#include "ui/model/step_lines.h"
#include "ui/run/record_lines.h"

namespace enroll::ui {

/// What is known of a device beside its verdict; each is left out where the run did not find it out.
enum class DeviceFact {
    OtherDevice,    ///< the serial number of the device that the key is enrolled for
    RegistrationId, ///< what the provisioning service knows the key by
    EkDigest,       ///< the first digits of the digest of the public area
    Maker,          ///< and model, as the EK certificate names them
    MadeWith,       ///< the firmware that the chip was made with, likewise
    Issuer,         ///< of the EK certificate
    Path,           ///< where the EK certificate leads
    ValidUntil,     ///< of the EK certificate
    Tpm,            ///< what the TPM says of itself
    Firmware,
    Address, ///< of the slot's device
};

struct FactLine {
    DeviceFact fact;
    QString name;
    QString value;
    bool operator==(const FactLine&) const = default;
};

struct DetailStep {
    StepLine line;
    std::optional<std::chrono::milliseconds> usually; ///< absent while this station does not know
    QString usual;                                    ///< what `usually` says
    bool operator==(const DetailStep&) const = default;
};

struct DetailFinding {
    Word<attestation::Severity> severity = attestation::Severity::Info;
    std::optional<Word<ErrorCode>> code;
    QString mark;     ///< the code's text, or what the severity is called
    QString headline; ///< of the code; empty where there is none, and where the tile says it already
    QString text;     ///< English, as the run has it: what exactly was found
    bool operator==(const DetailFinding&) const = default;
};

/// Everything that the station knows of a slot and of the device in it.
struct DetailContent {
    TileContent tile;
    std::vector<DetailStep> steps;
    std::vector<DetailFinding> findings; ///< the gravest first
    std::vector<FactLine> facts;
    std::vector<RecordLine> records;
    QString before; ///< of a result from before the program started: when its run ended, how long ago, and what to do
    bool operator==(const DetailContent&) const = default;
};

DetailContent detailContent(const station::SlotState& state, const TileContext& context);

/// The facts about the TPM in a slot, without those of its key's enrollment and certificate.
std::vector<FactLine> tpmFacts(const station::SlotState& state, const std::string& device);

/// True for what is read digit by digit.
bool isHex(DeviceFact fact) noexcept;

/// The findings, steps and facts, as sentences. Without what only time changes.
QString accessibleText(const DetailContent& content);

} // namespace enroll::ui
