# Net::HTTP and sleep.
require 'net/http'
require 'time'

base, task, token, interval, mode = ARGV
url = URI("#{base}/v1/video/generations/#{task}")
limit = mode == 'timeout' ? 2 : 60
http = Net::HTTP.new(url.host, url.port, nil)
http.open_timeout = http.read_timeout = http.write_timeout = limit
http.max_retries = 0
50.times do
  reply = nil
  begin
    reply = http.get(url.path, 'Authorization' => "Bearer #{token}")
    exit 0 if reply.body.include?('"status": "success"')
  rescue Net::ReadTimeout
    # asked again an interval later
  end
  pause = interval.to_f - (mode == 'hasty' ? 0.05 : 0)
  date = reply && reply['Retry-After']
  pause = [0, Time.httpdate(date).to_r - Time.now.to_r].max if mode == 'date' && date
  sleep pause
end
exit 1
