#pragma once

#include "app/enrollctl/command_line.h"

namespace enroll::app::enrollctl {

/// Each declares one command, or one group of commands, with its options.
void addEkCommand(const Command& program);
void addAttestCommand(const Command& program);
void addEnrollCommand(const Command& program);
void addUploadCommand(const Command& program);
void addRegisterCommand(const Command& program);
void addRunsCommands(const Command& program);
void addJournalCommands(const Command& program);
void addKeysCommands(const Command& program);
void addAgentKeysCommands(const Command& program);
void addExportCommand(const Command& program);
void addTrustCommands(const Command& program);
void addPeopleCommands(const Command& program);
void addProfileCommands(const Command& program);
void addConfigCommands(const Command& program);
void addSelfCheckCommand(const Command& program);
void addSlotsCommands(const Command& program);
void addSimulateCommand(const Command& program);

} // namespace enroll::app::enrollctl
