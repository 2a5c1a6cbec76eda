// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/http/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace hilum::inline HILUM_ABI {

/// How large a reply may be; what is larger ends with `errc::limit_exceeded`.
class HttpLimits {
public:
    HttpLimits() = default;

    HttpLimits(std::uint32_t header_bytes_, std::uint32_t headers_, std::uint64_t body_bytes_)
        : header_bytes(header_bytes_), headers(headers_), body_bytes(body_bytes_) {}

    std::uint32_t header_bytes = 64 * 1024;      ///< status line and header lines; at least 64
    std::uint32_t headers = 256;                 ///< number of header lines
    std::uint64_t body_bytes = 64 * 1024 * 1024; ///< after the chunks are joined
};

/// Reads HTTP/1.1 replies out of bytes, wherever they come from: no socket, no coroutine.
///
/// @code
/// ResponseReader reader;
/// reader.start(HttpMethod::post);
/// while (reader.progress() == ResponseReader::Progress::more)
///     reader.commit(read_into(reader.prepare()));     // or end_of_stream(true)
/// if (reader.progress() == ResponseReader::Progress::done)
///     use(reader.take());
/// @endcode
///
/// One reader serves all replies of a connection and keeps its buffer. Interim replies (1xx) are
/// skipped, at most 16 for a reply; 101 is an error, nobody asks for it. Stricter than RFC 9112
/// demands where servers and proxies disagree: a line that ends in a bare CR or LF, a folded
/// header, a NUL, both `Content-Length` and `Transfer-Encoding`, two lengths, a transfer coding
/// other than chunked are `malformed_reply`. Trailers are read and dropped. A body without length
/// ends with the stream; one that is shorter than its length is `truncated`. Not thread safe.
class ResponseReader {
public:
    enum class Progress : std::uint8_t { more, done, failed };

    explicit ResponseReader(HttpLimits limits = {});
    ResponseReader(ResponseReader&&) noexcept;
    ResponseReader& operator=(ResponseReader&&) noexcept;
    ~ResponseReader();

    /// Begins the reply to a request with this method; what was left of an earlier one is dropped.
    void start(HttpMethod method);

    /// Where the next bytes belong; never empty.
    std::span<char> prepare();

    /// `n` bytes were put into what `prepare` gave.
    Progress commit(std::size_t n);

    /// No more bytes will come; `clean` when the peer said so, rather than that something broke.
    Progress end_of_stream(bool clean);

    Progress progress() const noexcept;

    /// Whether any byte of this reply has come, interim replies included.
    bool got_some() const noexcept;

    /// What is wrong, once `progress()` is failed.
    Error error() const;

    /// The reply, once `progress()` is done. Its strings are moved out.
    HttpResponse take();

    /// Whether the connection may carry another request: the reply says so and nothing followed it.
    bool keep_alive() const noexcept;

    /// The server's `Keep-Alive: timeout=`.
    std::optional<std::chrono::seconds> keep_alive_timeout() const noexcept;

private:
    class Parser;
    std::unique_ptr<Parser> parser_;
};

} // namespace hilum::inline HILUM_ABI

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/http/impl/response_reader.ipp>
#endif
