#pragma once

#include "db/sqlite/connection.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace enroll::db::sqlite {

/// As long as it lives, a stop ends whatever statement runs on its connection, at once and with error D-141. Without it
/// a single statement over a large file keeps a stop waiting.
///
/// Make it and let it end on the connection's thread, before the connection ends; the stop may be asked on any thread.
/// If Qt's driver came with an SQLite of its own, whose functions this program cannot call, a stop waits for the
/// statement's end.
/// \par Source   SQLite, sqlite3_interrupt(): it meets the statements that run, and those that begin while one of them
///               is not finished
class Interruption {
public:
    /// Errors as Connection.
    static Result<std::unique_ptr<Interruption>> arm(Connection& connection, const std::stop_token& stop);

private:
    Interruption(Statement unfinished, std::function<void()> interrupt, const std::stop_token& stop);

    Statement m_unfinished; ///< stands on a row, so that a stop between two statements meets the second one
    std::stop_callback<std::function<void()>> m_onStop; // last: it calls nothing any more when the others end
};

} // namespace enroll::db::sqlite
