# One GET a URL by a library of Ruby: ruby drive.rb LIBRARY URL...; for each a line, "got STATUS BYTES" or "error NAME".
# Without a URL: the library's version. A method a library; it returns what asks for one URL.

RETRIED = [408, 425, 429, 500, 502, 503, 504].freeze

def net_http
  require 'net/http'
  http = nil
  [lambda do |url|
    uri = URI(url)
    http ||= Net::HTTP.start(uri.host, uri.port)
    reply = http.get(uri.request_uri)
    [reply.code, reply.body]
  end, "Ruby #{RUBY_VERSION}"]
end

def faraday(retries = nil)
  require 'faraday'
  client = Faraday.new do |made|
    made.request(:retry, **retries) if retries
    made.adapter Faraday.default_adapter
  end
  [lambda do |url|
    reply = client.get(url)
    [reply.status, reply.body]
  end, Faraday::VERSION]
end

def faraday_retry
  faraday({})
end

def faraday_polite
  require 'date' # without it, Faraday 1.1 ends with a NameError when it looks for Retry-After
  faraday({ max: 5, interval: 1, backoff_factor: 2, interval_randomness: 0.5, retry_statuses: RETRIED,
            exceptions: [Faraday::ConnectionFailed, Faraday::TimeoutError, Faraday::RetriableResponse] })
end

def rest_client
  require 'rest-client'
  [lambda do |url|
    RestClient.get(url) { |reply| [reply.code, reply.body] }
  end, RestClient.version]
end

def httparty
  require 'httparty'
  [lambda do |url|
    reply = HTTParty.get(url)
    [reply.code, reply.body]
  end, HTTParty::VERSION]
end

require 'faraday' if ARGV[0].start_with?('faraday')
get, version = send(ARGV[0].tr('-', '_'))
puts version if ARGV.length == 1
ARGV.drop(1).each do |url|
  status, body = get.call(url)
  puts "got #{status} #{body.bytesize}"
rescue StandardError => e
  puts "error #{e.class}"
end
